#include "train/progress.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

TEST(EpochLine, LeavesOutValidationThatIsNotThere) {
  EpochRow row;
  row.epoch = 1;
  row.train_loss = 0.5;
  row.samples_per_second = 1000;
  EXPECT_EQ(epoch_line(row, 3, false), "epoch 1/3  train loss 0.5000  1.0k samples/s");
  row.validation_loss = 0.25;
  row.validation_headline = 0.975;
  EXPECT_EQ(epoch_line(row, 3, true),
            "epoch 1/3  train loss 0.5000  val loss 0.2500  val accuracy 97.50 %  best  1.0k samples/s");
}

TEST(EpochLine, GoesWithoutColumnsThatDoNotFit) {
  EpochRow row;
  row.epoch = 1;
  row.train_loss = 0.5;
  row.samples_per_second = 1000;
  row.validation_loss = 0.25;
  row.validation_headline = 0.975;
  EXPECT_EQ(epoch_line(row, 3, false, 80),
            "epoch 1/3  train loss 0.5000  val loss 0.2500  val accuracy 97.50 %");
  EXPECT_EQ(epoch_line(row, 3, true, 60), "epoch 1/3  val loss 0.2500  val accuracy 97.50 %  best");
  for (int width = 55; width < 120; ++width)
    EXPECT_LE(epoch_line(row, 3, true, width).size(), static_cast<size_t>(width));
  row.validation_loss.reset();
  EXPECT_EQ(epoch_line(row, 3, false, 40), "epoch 1/3  train loss 0.5000");
}

}  // namespace
}  // namespace actlab
