#include "core/number_text.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

TEST(Counted, OneHasNoPlural) {
  EXPECT_EQ(counted(1, "epoch"), "1 epoch");
  EXPECT_EQ(counted(0, "epoch"), "0 epochs");
  EXPECT_EQ(counted(2, "batch", "batches"), "2 batches");
  EXPECT_EQ(counted(1, "batch", "batches"), "1 batch");
}

}  // namespace
}  // namespace actlab
