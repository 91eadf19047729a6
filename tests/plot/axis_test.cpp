#include "plot/axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/nan.h"

namespace actlab::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr double kPlusInfinity = std::numeric_limits<double>::infinity();

TEST(Axis, TicksAreMultiplesOfOneTwoOrFive) {
  EXPECT_THAT(linear_ticks(0, 10, 5), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(tick_texts(linear_ticks(0.9, 1, 5)), ElementsAre("0.9", "0.92", "0.94", "0.96", "0.98", "1"));
  EXPECT_THAT(tick_texts(linear_ticks(-8, 8, 8)),
              ElementsAre("-8", "-6", "-4", "-2", "0", "2", "4", "6", "8"));
  EXPECT_THAT(tick_texts(linear_ticks(0, 54000, 5)), ElementsAre("0", "10k", "20k", "30k", "40k", "50k"));
  EXPECT_THAT(tick_texts(linear_ticks(0, 3e-7, 3)), ElementsAre("0", "1e-7", "2e-7", "3e-7"));
}

TEST(Axis, NoTicksWhereThereIsNoLength) {
  EXPECT_THAT(linear_ticks(1, 1, 5), IsEmpty());
  EXPECT_THAT(linear_ticks(kNaN, 1, 5), IsEmpty());
  EXPECT_THAT(linear_ticks(-kPlusInfinity, 1, 5), IsEmpty());
  EXPECT_THAT(log_ticks(0, 1, 5), IsEmpty());
}

TEST(Axis, LogarithmicTicksThinOut) {
  EXPECT_THAT(tick_texts(log_ticks(0.015, 0.4, 5)), ElementsAre("0.02", "0.05", "0.1", "0.2"));
  EXPECT_THAT(tick_texts(log_ticks(1e-3, 1, 5)), ElementsAre("0.001", "0.01", "0.1", "1"));
  EXPECT_LE(log_ticks(1e-300, 1e300, 5).size(), 7U);
  EXPECT_THAT(log_ticks(1.1, 1.2, 5), Not(IsEmpty()));
}

TEST(Axis, TicksStayFewAtTheEdgeOfPrecision) {
  EXPECT_LE(linear_ticks(1e16, 1e16 + 4, 5).size(), 12U);
  EXPECT_LE(linear_ticks(5e-324, 1e-323, 5).size(), 12U);
  EXPECT_LE(linear_ticks(-1e300, 1e300, 5).size(), 12U);
}

TEST(Axis, FiguresAreForPeople) {
  EXPECT_EQ(figure(0.98190001), "0.9819");
  EXPECT_EQ(figure(54000), "54000");
  EXPECT_EQ(figure(2.1e-23), "2.1e-23");
  EXPECT_EQ(figure(0), "0");
  EXPECT_EQ(figure(kNaN), "–");
  EXPECT_EQ(figure(1e300), "1e300");
  EXPECT_EQ(percent(0.9819), "98.19 %");
}

TEST(Axis, AnExtentLeavesOutWhatHasNoPlace) {
  Extent extent;
  EXPECT_TRUE(extent.empty());
  extent.add({kNaN, -3, kPlusInfinity, -5});
  EXPECT_EQ(extent.scale(0).low, -5);
  EXPECT_EQ(extent.scale(0).high, -3);
  Extent logarithmic(true);
  logarithmic.add({-1, 0, 10, 1000});
  EXPECT_EQ(logarithmic.scale(0).low, 10);
}

TEST(Axis, AScaleIsNeverOfLengthZero) {
  for (const double value : {0.0, 7.0, -1e300, 1e-320, 0.98}) {
    Extent extent;
    extent.add(value);
    EXPECT_LT(extent.scale(0).low, extent.scale(0).high) << value;
  }
  Extent logarithmic(true);
  logarithmic.add(3);
  EXPECT_LT(logarithmic.scale(0).low, logarithmic.scale(0).high);
}

TEST(Axis, AScaleMapsToPixels) {
  const Scale linear{.low = 0, .high = 10, .log = false, .from = 100, .to = 0};
  EXPECT_EQ(linear(2.5), 75);
  const Scale logarithmic{.low = 1, .high = 100, .log = true, .from = 0, .to = 50};
  EXPECT_NEAR(logarithmic(10), 25, 1e-12);
  EXPECT_TRUE(std::isnan(logarithmic(0)));
  EXPECT_TRUE(std::isnan(linear(kPlusInfinity)));
}

}  // namespace
}  // namespace actlab::test
