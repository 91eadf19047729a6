#include "core/progress_text.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

TEST(ProgressLine, ShowsBarPercentSpeedTimeAndLoss) {
  EXPECT_EQ(progress_line({2, 10, 0.5, 151234, 7, 61, 0.09123}, 91),
            "epoch  2/10  [============>           ]   50 %  0:07, ETA 1:01  loss 0.0912  151k samples/s");
  // Narrower, it goes without the bar, then without what stands last.
  EXPECT_EQ(progress_line({2, 10, 0.5, 151234, 7, 61, 0.09123}, 55),
            "epoch  2/10   50 %  0:07, ETA 1:01  loss 0.0912");
  EXPECT_EQ(progress_line({2, 10, 0.5, 151234, 7, 61, 0.09123}, 36), "epoch  2/10   50 %  0:07, ETA 1:01");
}

TEST(ProgressLine, FitsAnyTerminal) {
  for (int width = 0; width < 200; ++width) {
    EXPECT_LE(progress_line({1, 1, 0.3, 10, 3, -1, 2.5}, width).size(), static_cast<size_t>(width));
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
