#include "train/metrics.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

TEST(WilsonInterval, MatchesPublishedValues) {
  // Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611.
  EXPECT_NEAR(wilson_interval(81, 263).first, 0.2553, 5e-5);
  EXPECT_NEAR(wilson_interval(81, 263).second, 0.3662, 5e-5);
  EXPECT_NEAR(wilson_interval(0, 20).first, 0, 1e-12);
  EXPECT_NEAR(wilson_interval(0, 20).second, 0.1611, 5e-5);
  EXPECT_EQ(wilson_interval(0, 0), (std::pair<double, double>{0, 1}));
}

TEST(RocAuc, CountsOrderedPairs) {
  EXPECT_DOUBLE_EQ(*roc_auc({{0.1F, false}, {0.4F, false}, {0.35F, true}, {0.8F, true}}), 0.75);
  EXPECT_DOUBLE_EQ(*roc_auc({{0.5F, false}, {0.5F, true}}), 0.5);
  // Two numbers that float takes for the same.
  EXPECT_DOUBLE_EQ(*roc_auc({{1 + 1e-12, true}, {1, false}}), 1);
  EXPECT_DOUBLE_EQ(*roc_auc({{1, true}, {0, false}, {0, false}}), 1);
  EXPECT_FALSE(roc_auc({{1, true}}).has_value());
}

Metrics example() {
  Metrics metrics(3);
  metrics.add(0, 0, 0);
  metrics.add(0, 1, 0);
  metrics.add(1, 1, 0);
  metrics.add(2, 2, 0);
  return metrics;
}

TEST(Metrics, CountsWhatWasRightAndWrong) {
  const Metrics metrics = example();
  EXPECT_DOUBLE_EQ(metrics.accuracy(), 0.75);
  EXPECT_DOUBLE_EQ(metrics.precision(1), 0.5);
  EXPECT_DOUBLE_EQ(metrics.recall(0), 0.5);
  EXPECT_DOUBLE_EQ(metrics.f1(1), 2.0 / 3);
  EXPECT_EQ(metrics.confusion()[0][1], 1);
  EXPECT_FALSE(metrics.to_json().contains("auc"));
}

TEST(Metrics, MergingPartsEqualsAddingAll) {
  Metrics merged = example();
  merged.merge(example());
  EXPECT_EQ(merged.examples(), 8);
  EXPECT_DOUBLE_EQ(merged.accuracy(), 0.75);
}

TEST(Metrics, TwoClassesReportThePositiveOne) {
  Metrics metrics(2);
  metrics.add(1, 1, 0.9F);
  metrics.add(1, 0, 0.4F);
  metrics.add(0, 0, 0.2F);
  const auto json = metrics.to_json();
  EXPECT_DOUBLE_EQ(json["precision"], 1);
  EXPECT_DOUBLE_EQ(json["recall"], 0.5);
  EXPECT_DOUBLE_EQ(json["auc"], 1);
}

TEST(Metrics, AScoreThatIsNoNumberLeavesTheRankingUndefined) {
  EXPECT_FALSE(roc_auc({{0.1F, false}, {NAN, true}, {0.9F, true}}));
}

TEST(Metrics, ClassesThatDoNotOccurDoNotCount) {
  Metrics metrics(10);
  metrics.add(3, 3, 0);
  metrics.add(4, 3, 0);
  EXPECT_DOUBLE_EQ(metrics.to_json()["recall"], 0.5);
}

TEST(Metrics, WithoutExamplesNothingIsDividedByZero) {
  const auto json = Metrics(2).to_json();
  EXPECT_EQ(json["accuracy"], 0);
  EXPECT_TRUE(json["auc"].is_null());
}

}  // namespace
}  // namespace actlab
