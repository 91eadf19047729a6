#include "config/source.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

TEST(Source, KnowsWellFormedUtf8) {
  EXPECT_EQ(utf8_length("a"), 1u);
  EXPECT_EQ(utf8_length("\xC3\xA4"), 2u);
  EXPECT_EQ(utf8_length("\xE2\x82\xAC"), 3u);
  EXPECT_EQ(utf8_length("\xF0\x9F\x98\x80"), 4u);
  EXPECT_EQ(utf8_length("\xED\x9F\xBF"), 3u) << "last before the surrogates";
  EXPECT_EQ(utf8_length("\xF4\x8F\xBF\xBF"), 4u) << "U+10FFFF";
}

TEST(Source, KnowsWhatIsNot) {
  for (const char* text :
       {"", "\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\x80", "\xE2\x82", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_EQ(utf8_length(text), 0u) << text;
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("ünï→😀"));
  EXPECT_FALSE(is_utf8("abc\xC3"));
}

TEST(Source, FindsTheFirstFlaw) {
  EXPECT_FALSE(find_flaw("a: 1\r\n\tb: ü # ok\n"));
  EXPECT_FALSE(find_flaw("a: 50%\n"));
  const auto flaw = find_flaw("a: 1\nb: ü\x07\n");
  ASSERT_TRUE(flaw);
  EXPECT_EQ(flaw->line, 2);
  EXPECT_EQ(flaw->column, 6);
  EXPECT_TRUE(find_flaw("a: 1\n%x\n"));
  EXPECT_TRUE(find_flaw("a: 1\rb: 2\n"));
}

}  // namespace
}  // namespace actlab
