#include "train/progress.h"

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

TEST(EpochLine, LeavesOutValidationThatIsNotThere) {
  EpochRow row;
  row.epoch = 1;
  row.train_loss = 0.5;
  row.samples_per_second = 1000;
  EXPECT_EQ(epoch_line(row, 3, false), "epoch 1/3  train loss 0.5000  1.0k samples/s");
  row.validation_loss = 0.25;
  row.validation_accuracy = 0.975;
  EXPECT_EQ(epoch_line(row, 3, true),
            "epoch 1/3  train loss 0.5000  validation loss 0.2500  accuracy 97.50 %  1.0k samples/s  best");
}

}  // namespace
}  // namespace actlab
