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
            "epoch 1/3  train loss 0.5000  validation loss 0.2500  accuracy 97.50 %  1.0k samples/s  best");
}

}  // namespace
}  // namespace actlab
