#include "core/progress_text.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

TEST(ProgressLine, ShowsBarPercentSpeedTimeAndLoss) {
  EXPECT_EQ(progress_line(2, 10, 0.5, 151234, 61, 0.09123, 79),
            "epoch  2/10  [=========>        ]   50 %  151k samples/s  ETA 1:01  loss 0.0912");
}

TEST(ProgressLine, FitsAnyTerminal) {
  for (int width = 0; width < 200; ++width) {
    EXPECT_LE(progress_line(1, 1, 0.3, 10, -1, 2.5, width).size(), static_cast<size_t>(width));
  }
}

TEST(ShortNumber, KeepsThreeDigitsAtMost) {
  EXPECT_EQ(short_number(87.2), "87");
  EXPECT_EQ(short_number(3412), "3.4k");
  EXPECT_EQ(short_number(151234), "151k");
  EXPECT_EQ(short_number(2.25e6), "2.2M");
}

}  // namespace
}  // namespace actlab
