#include "compare/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace actlab {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::Eq;
using testing::Optional;

const std::vector<double> kFirst = {0.9712, 0.9698, 0.9731, 0.9705, 0.9720};
const std::vector<double> kSecond = {0.9655, 0.9671, 0.9660, 0.9649, 0.9702};

SeedScores scores(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

// The expected figures are SciPy's (scipy.stats.t, ttest_rel) and statsmodels' (multipletests).
TEST(Statistics, SummaryAgreesWithSciPy) {
  const Summary summary = summarize(kFirst);
  EXPECT_THAT(summary.mean, Optional(DoubleNear(0.97132, 1e-15)));
  EXPECT_THAT(summary.sd, Optional(DoubleNear(0.0012872451204024643, 1e-15)));
  ASSERT_TRUE(summary.ci95);
  EXPECT_NEAR(summary.ci95->low, 0.9697216740771328, 1e-12);
  EXPECT_NEAR(summary.ci95->high, 0.9729183259228673, 1e-12);
}

TEST(Statistics, PairedDifferenceAgreesWithSciPy) {
  const PairedDifference result = paired_difference(scores(kFirst), scores(kSecond));
  EXPECT_EQ(result.pairs, 5);
  EXPECT_THAT(result.difference.mean, Optional(DoubleNear(0.00458, 1e-15)));
  EXPECT_THAT(result.difference.sd, Optional(DoubleNear(0.002230919093109365, 1e-14)));
  ASSERT_TRUE(result.difference.ci95);
  EXPECT_NEAR(result.difference.ci95->low, 0.0018099480791807163, 1e-12);
  EXPECT_NEAR(result.difference.ci95->high, 0.007350051920819296, 1e-12);
  EXPECT_THAT(result.p, Optional(DoubleNear(0.010102474236159115, 1e-12)));
  const PairedDifference reversed = paired_difference(scores(kSecond), scores(kFirst));
  EXPECT_THAT(reversed.p, Optional(DoubleNear(*result.p, 1e-15)));
  EXPECT_THAT(reversed.difference.mean, Optional(DoubleNear(-0.00458, 1e-15)));
}

TEST(Statistics, OneValueHasAMeanAndNothingElse) {
  const Summary one = summarize(std::vector<double>{0.9});
  EXPECT_THAT(one.mean, Optional(0.9));
  EXPECT_FALSE(one.sd || one.ci95);
  const PairedDifference difference = paired_difference({0.9}, {0.8});
  EXPECT_THAT(difference.difference.mean, Optional(DoubleNear(0.1, 1e-15)));
  EXPECT_FALSE(difference.difference.sd || difference.difference.ci95 || difference.p);
}

TEST(Statistics, NothingHasNoMean) {
  const Summary none = summarize({});
  EXPECT_FALSE(none.mean || none.sd || none.ci95);
  EXPECT_FALSE(paired_difference({}, {}).difference.mean);
  EXPECT_FALSE(paired_difference({std::nullopt, 0.5}, {0.5, std::nullopt}).difference.mean);
}

TEST(Statistics, EqualValuesHaveNoInterval) {
  const Summary equal = summarize(std::vector<double>{0.1, 0.1, 0.1, 0.1, 0.1, 0.1});
  EXPECT_THAT(equal.sd, Optional(0));
  EXPECT_FALSE(equal.ci95);
}

// 0.93 - 0.92 and 0.57 - 0.56 differ in their last bits only: without care p would be next to 0.
TEST(Statistics, ConstantDifferencesAreNoEvidence) {
  const PairedDifference constant = paired_difference({0.93, 0.57, 0.31}, {0.92, 0.56, 0.30});
  EXPECT_THAT(constant.difference.mean, Optional(DoubleNear(0.01, 1e-12)));
  EXPECT_THAT(constant.difference.sd, Optional(0));
  EXPECT_FALSE(constant.difference.ci95 || constant.p);
  const PairedDifference none = paired_difference({0.93, 0.95}, {0.93, 0.95});
  EXPECT_THAT(none.difference.mean, Optional(0));
  EXPECT_THAT(none.p, Optional(1));
}

TEST(Statistics, PairsNeedBothScores) {
  SeedScores a = scores(kFirst);
  SeedScores b = scores(kSecond);
  a.insert(a.begin() + 2, std::nullopt);
  b.insert(b.begin() + 2, 0.1);
  a.push_back(0.2);
  b.push_back(std::nullopt);
  const PairedDifference result = paired_difference(a, b);
  EXPECT_EQ(result.pairs, 5);
  EXPECT_THAT(result.p, Optional(DoubleNear(0.010102474236159115, 1e-12)));
}

TEST(Statistics, HolmAgreesWithStatsmodels) {
  EXPECT_THAT(holm({0.01, 0.04, 0.03, 0.005, 0.6}),
              ElementsAre(Optional(DoubleNear(0.04, 1e-15)), Optional(DoubleNear(0.09, 1e-15)),
                          Optional(DoubleNear(0.09, 1e-15)), Optional(DoubleNear(0.025, 1e-15)),
                          Optional(DoubleNear(0.6, 1e-15))));
}

TEST(Statistics, HolmSkipsWhatIsUndefined) {
  EXPECT_THAT(holm({std::nullopt, 0.02, 0.7, std::nullopt}),
              ElementsAre(Eq(std::nullopt), Optional(0.04), Optional(0.7), Eq(std::nullopt)));
  EXPECT_THAT(holm({0.6, 0.7}), ElementsAre(Optional(1), Optional(1)));
  EXPECT_THAT(holm({}), ElementsAre());
}

TEST(Statistics, SmallestSignificantIsWhereTheTestTurns) {
  EXPECT_NEAR(smallest_significant(0.003, 5, 4), 0.005788718534904848, 1e-12);
  EXPECT_NEAR(smallest_significant(1, 2, 1), 12.706204736174694 / std::sqrt(2), 1e-9);
  // Differences of mean d and sd 1 over two seeds: d -+ 1 / sqrt 2.
  const auto p = [](double d) { return *paired_difference({d - M_SQRT1_2, d + M_SQRT1_2}, {0, 0}).p; };
  const double turn = smallest_significant(1, 2, 1);
  EXPECT_LT(p(1.001 * turn), 0.05);
  EXPECT_GT(p(0.999 * turn), 0.05);
}

// All 27 equally likely draws of three seeds, enumerated: 16, 7 and 4 of them won.
TEST(Statistics, ProbabilityOfBeingBestApproachesTheExactShare) {
  const auto best =
      probability_best({{0.9, 0.5, 0.7}, {0.6, 0.8, 0.65}, {0.55, 0.7, 0.75}}, 100'000, /*seed=*/3);
  EXPECT_THAT(best, ElementsAre(Optional(DoubleNear(16 / 27.0, 0.006)), Optional(DoubleNear(7 / 27.0, 0.006)),
                                Optional(DoubleNear(4 / 27.0, 0.006))));
  EXPECT_NEAR(*best[0] + *best[1] + *best[2], 1, 1e-9);
}

TEST(Statistics, ProbabilityOfBeingBestIsRepeatable) {
  const std::vector<SeedScores> all = {scores(kFirst), {0.98, 0.96, 0.97, 0.975, 0.969}};
  EXPECT_EQ(probability_best(all, 500, 9), probability_best(all, 500, 9));
  EXPECT_NE(probability_best(all, 500, 9), probability_best(all, 500, 10));
}

// Seeds drawn apart for each activation would let the second win now and then.
TEST(Statistics, ResamplesArePaired) {
  EXPECT_THAT(probability_best({{0.5, 0.9}, {0.4, 0.8}}, 1000, 1), ElementsAre(Optional(1), Optional(0)));
}

TEST(Statistics, TiesShare) {
  EXPECT_THAT(probability_best({{0.5, 0.7}, {0.5, 0.7}, {0.1, 0.2}}, 100, 1),
              ElementsAre(Optional(DoubleNear(0.5, 1e-9)), Optional(DoubleNear(0.5, 1e-9)), Optional(0)));
}

TEST(Statistics, ProbabilityOfBeingBestNeedsTwoSeeds) {
  EXPECT_THAT(probability_best({{0.5}, {0.6}}, 100, 1), ElementsAre(Eq(std::nullopt), Eq(std::nullopt)));
  EXPECT_TRUE(probability_best({}, 100, 1).empty());
}

TEST(Statistics, WhatDivergedIsNeverBest) {
  const std::optional<double> none;
  EXPECT_THAT(probability_best({{0.5, 0.6, 0.7}, {none, none, none}}, 100, 1),
              ElementsAre(Optional(DoubleNear(1, 1e-9)), Optional(0)));
  // It wins wherever its one score is drawn: 1 - (2/3)^3 of the resamples.
  EXPECT_THAT(probability_best({{0.5, 0.6, 0.7}, {none, 0.9, none}}, 100'000, 1)[1],
              Optional(DoubleNear(19 / 27.0, 0.006)));
}

}  // namespace
}  // namespace actlab
