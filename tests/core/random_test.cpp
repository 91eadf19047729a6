#include "core/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace actlab::test {
namespace {

TEST(SplitMix64, GivesThePublishedSequence) {
  // Steele, Lea, Flood 2014, as in Vigna's reference program, for the seeds 0 and 1234567.
  SplitMix64 zero(0);
  for (const uint64_t expected : {0xe220a8397b1dcdafULL, 0x6e789e6aa1b965f4ULL, 0x06c45d188009454fULL}) {
    EXPECT_EQ(zero.next(), expected);
  }
  SplitMix64 random(1234567);
  for (const uint64_t expected : {6457827717110365317ULL, 3203168211198807973ULL, 9817491932198370423ULL}) {
    EXPECT_EQ(random.next(), expected);
  }
}

TEST(SplitMix64, BelowIsUniform) {
  SplitMix64 random(1);
  constexpr uint64_t kBound = 10;
  constexpr int kDraws = 100'000;
  std::vector<int> count(kBound);
  for (int i = 0; i < kDraws; ++i) ++count.at(random.below(kBound));
  double chi_squared = 0;
  for (const int n : count) chi_squared += std::pow(n - kDraws / 10.0, 2) / (kDraws / 10.0);
  EXPECT_LT(chi_squared, 27.9);  // 9 degrees of freedom, p = 0.001
}

TEST(SplitMix64, BelowRespectsOddBounds) {
  SplitMix64 random(2);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(random.below(1), 0U);
    EXPECT_LT(random.below((1ULL << 63) + 1), (1ULL << 63) + 1);
  }
}

TEST(SplitMix64, UniformAndNormalHaveTheirMoments) {
  SplitMix64 random(3);
  constexpr int kDraws = 200'000;
  double uniform = 0;
  double normal = 0;
  double normal_squared = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    const double z = random.normal();
    ASSERT_TRUE(std::isfinite(z));
    uniform += u;
    normal += z;
    normal_squared += z * z;
  }
  // Five standard errors each.
  EXPECT_NEAR(uniform / kDraws, 0.5, 5 * std::sqrt(1.0 / 12 / kDraws));
  EXPECT_NEAR(normal / kDraws, 0.0, 5 * std::sqrt(1.0 / kDraws));
  EXPECT_NEAR(normal_squared / kDraws, 1.0, 5 * std::sqrt(2.0 / kDraws));
}

TEST(Permutation, HoldsEveryNumberOnce) {
  for (const int64_t n : {0, 1, 2, 3, 100, 1000}) {
    auto order = permutation(n, 7);
    std::ranges::sort(order);
    std::vector<int64_t> expected(static_cast<size_t>(n));
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(order, expected);
  }
}

TEST(Permutation, IsAFunctionOfTheSeed) {
  EXPECT_EQ(permutation(100, 7), permutation(100, 7));
  EXPECT_NE(permutation(100, 7), permutation(100, 8));
}

TEST(Permutation, IsTheSameInEveryBuild) {
  // Resuming relies on it: whoever changes these numbers changes the order of every run's data.
  EXPECT_THAT(permutation(10, 1), testing::ElementsAre(4, 2, 8, 1, 9, 3, 0, 6, 7, 5));
}

TEST(Permutation, PutsEveryNumberEverywhere) {
  constexpr int kDraws = 60'000;
  std::vector<int> count(6);  // of the 3! orders
  for (int i = 0; i < kDraws; ++i) {
    const auto order = permutation(3, static_cast<uint64_t>(i));
    ++count.at(static_cast<size_t>(order[0] * 2 + (order[1] > order[2] ? 1 : 0)));
  }
  for (const int n : count) EXPECT_NEAR(n, kDraws / 6.0, 5 * std::sqrt(kDraws / 6.0));
}

TEST(StreamSeed, DiffersByRunNameAndNumber) {
  std::set<uint64_t> seeds;
  size_t expected = 0;
  for (int64_t seed = 0; seed < 20; ++seed) {
    for (const auto* stream : {"order", "init", "dropout", "a", "b", ""}) {
      seeds.insert(stream_seed(seed, stream));
      for (int64_t epoch = 0; epoch < 20; ++epoch) {
        seeds.insert(stream_seed(seed, stream, {epoch}));
        seeds.insert(stream_seed(seed, stream, {epoch, 1}));
        expected += 2;
      }
      ++expected;
    }
  }
  EXPECT_EQ(seeds.size(), expected);
  EXPECT_LT(*seeds.rbegin(), 1ULL << 63);
  EXPECT_NE(stream_seed(1, "a", {'b'}), stream_seed(1, "ab"));
  EXPECT_NE(stream_seed(1, "order", {1, 2}), stream_seed(1, "order", {2, 1}));
  EXPECT_EQ(stream_seed(1, "order", {3}), stream_seed(1, "order", {3}));
}

TEST(StreamSeed, IsTheSameInEveryBuild) {
  EXPECT_EQ(stream_seed(1, "order", {0}), 4766104386885484346ULL);
  EXPECT_EQ(stream_seed(INT64_MAX, ""), 3811431516645549711ULL);
}

TEST(StreamSeed, GivesStreamsWithoutCorrelation) {
  constexpr int kDraws = 100'000;
  SplitMix64 a(stream_seed(1, "order", {1}));
  SplitMix64 b(stream_seed(1, "order", {2}));
  double product = 0;
  for (int i = 0; i < kDraws; ++i) product += (a.uniform() - 0.5) * (b.uniform() - 0.5);
  // The correlation has a standard error of 1 / sqrt(n); the variance of a uniform is 1/12.
  EXPECT_NEAR(12 * product / kDraws, 0.0, 5 / std::sqrt(kDraws));
}

}  // namespace
}  // namespace actlab::test
