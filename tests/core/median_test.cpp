#include "core/median.h"

#include <gtest/gtest.h>

namespace actlab::test {
namespace {

TEST(Median, IsTheMiddle) {
  EXPECT_EQ(median({}), std::nullopt);
  EXPECT_EQ(median({3}), 3);
  EXPECT_EQ(median({9, 1}), 5);
  EXPECT_EQ(median({9, 1, 2}), 2);
}

}  // namespace
}  // namespace actlab::test
