#include "core/text.h"

#include <gtest/gtest.h>

namespace actlab::test {
namespace {

TEST(Text, FormattedIsWhatPrintfPrints) {
  EXPECT_EQ(formatted("%.2f of %d %s", 0.5, 3, "x"), "0.50 of 3 x");
  EXPECT_EQ(formatted("%s", std::string(1000, 'a').c_str()), std::string(1000, 'a'));
}

TEST(Text, JoinPutsTheSeparatorBetween) {
  EXPECT_EQ(join({}), "");
  EXPECT_EQ(join({"a"}), "a");
  EXPECT_EQ(join({"a", "b", "c"}), "a, b, c");
  EXPECT_EQ(join({"a", "b"}, " | "), "a | b");
}

TEST(Text, LengthCountsCharacters) {
  EXPECT_EQ(length_of("±ä€a"), 4U);
}

TEST(Text, WrapsBetweenWords) {
  EXPECT_EQ(wrapped("one two three", 7, 0, 2), "one two\n  three\n");
  EXPECT_EQ(wrapped("one two three", 5, 2, 2), "  one\n  two\n  three\n");
  EXPECT_EQ(wrapped("a ±± b", 4, 0, 0), "a ±±\nb\n");
  EXPECT_EQ(wrapped("", 9, 1, 2), " \n");
}

}  // namespace
}  // namespace actlab::test
