#include "core/field_rules.h"

#include <gtest/gtest.h>

#include <cmath>

namespace actlab {
namespace {

TEST(FieldRules, RangesKnowTheirEnds) {
  EXPECT_TRUE(at_least(0).contains(0));
  EXPECT_FALSE(above_zero().contains(0));
  EXPECT_TRUE(between(1, 10).contains(10));
  EXPECT_FALSE(between(1, 10).contains(10.5));
  EXPECT_TRUE(fraction_below_one().contains(0));
  EXPECT_FALSE(fraction_below_one().contains(1));
}

TEST(FieldRules, NoRangeHoldsNanOrInfinity) {
  for (const Range& range : {Range{}, at_least(0), Range{.max = 1}}) {
    EXPECT_FALSE(range.contains(std::nan("")));
    EXPECT_FALSE(range.contains(INFINITY));
    EXPECT_FALSE(range.contains(-INFINITY));
  }
}

TEST(FieldRules, RangesSayWhatTheyAllow) {
  EXPECT_EQ(Range{}.text(), "");
  EXPECT_EQ(at_least(0).text(), "at least 0");
  EXPECT_EQ(above_zero().text(), "above 0");
  EXPECT_EQ(above_zero(1).text(), "in (0, 1]");
  EXPECT_EQ(fraction_below_one().text(), "in [0, 1)");
  EXPECT_EQ(between(1, 1e6).text(), "in [1, 1000000]");
  EXPECT_EQ((Range{.max = 0.5}.text()), "at most 0.5");
  EXPECT_EQ((Range{.max = 0, .max_excluded = true}.text()), "below 0");
}

}  // namespace
}  // namespace actlab
