#include "data/order.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "core/test_support.h"

namespace actlab::test {
namespace {

std::vector<int64_t> count_up(int64_t n) {
  std::vector<int64_t> numbers(static_cast<size_t>(n));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

TEST(Order, IsAPermutationEveryEpoch) {
  for (int64_t epoch = 0; epoch < 5; ++epoch) {
    auto order = epoch_order(1000, true, 7, epoch);
    EXPECT_NE(order, count_up(1000));
    std::ranges::sort(order);
    EXPECT_EQ(order, count_up(1000));
  }
}

TEST(Order, IsAPureFunctionOfSeedAndEpoch) {
  EXPECT_EQ(epoch_order(100, true, 7, 3), epoch_order(100, true, 7, 3));
  EXPECT_NE(epoch_order(100, true, 7, 3), epoch_order(100, true, 7, 4));
  EXPECT_NE(epoch_order(100, true, 7, 3), epoch_order(100, true, 8, 3));
}

TEST(Order, CountsUpWithoutShuffling) {
  EXPECT_EQ(epoch_order(5, false, 7, 3), count_up(5));
}

// Batch k of all ranks together is batch k of a single process.
TEST(Order, RanksShareTheOrderOfOneProcess) {
  const auto whole = epoch_order(11, true, 7, 2);
  std::vector<std::vector<int64_t>> shares;
  for (int64_t rank = 0; rank < 3; ++rank) shares.push_back(epoch_order(11, true, 7, 2, rank, 3));
  for (size_t i = 0; i < 9; ++i) EXPECT_EQ(shares[i % 3][i / 3], whole[i]);
}

TEST(Order, EveryRankGetsTheSameNumber) {
  for (int64_t rank = 0; rank < 4; ++rank) EXPECT_EQ(epoch_order(11, true, 1, 0, rank, 4).size(), 2U);
  EXPECT_TRUE(epoch_order(3, true, 1, 0, 3, 4).empty());
}

TEST(Order, RefusesARankOutsideTheWorld) {
  EXPECT_THAT(error_of([] { epoch_order(10, true, 1, 0, 2, 2); }), testing::HasSubstr("rank 2"));
  EXPECT_NE(error_of([] { epoch_order(10, true, 1, 0, -1, 2); }), "");
}

}  // namespace
}  // namespace actlab::test
