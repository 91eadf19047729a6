#include "diagnose/statistics.h"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

namespace actlab {
namespace {

// A deterministic sample of N(0, scale^2): the quantiles at (i + 1/2) / N.
std::vector<double> normal_grid(double scale, int64_t count = 200000) {
  const boost::math::normal normal(0, scale);
  std::vector<double> x(static_cast<size_t>(count));
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = quantile(normal, (static_cast<double>(i) + 0.5) / static_cast<double>(count));
  return x;
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

// Saturated and at a bound, of one layer.
LayerRecord measured(const std::vector<double>& x, const Thresholds& thresholds, double (*f)(double),
                     double (*slope)(double)) {
  std::vector<double> outputs, slopes;
  for (const double value : x) {
    outputs.push_back(f(value));
    slopes.push_back(slope(value));
  }
  LayerStatistics statistics(thresholds);
  statistics.add_inputs(std::span<const double>(x));
  statistics.add_outputs(std::span<const double>(outputs), 1, 1);
  statistics.add_slopes(std::span<const double>(slopes));
  LayerRecord record;
  statistics.write(record, static_cast<int64_t>(x.size()));
  return record;
}

LayerRecord tanh_at(double scale) {
  return measured(
      normal_grid(scale), thresholds_of(1, -1, 1), [](double x) { return std::tanh(x); },
      [](double x) { return 1 - std::tanh(x) * std::tanh(x); });
}

LayerRecord sigmoid_at(double scale) {
  return measured(normal_grid(scale), thresholds_of(0.25, 0, 1), sigmoid,
                  [](double x) { return sigmoid(x) * (1 - sigmoid(x)); });
}

// The normal distribution function beyond 1.47222 and 1.81845, for pre-activations of that deviation.
TEST(Saturation, AgreesWithTheNormalDistribution) {
  const double at_bound[] = {0.003235, 0.140962, 0.461664, 0.712832, 0.853992};
  const double scales[] = {0.5, 1, 2, 4, 8};
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(tanh_at(scales[i]).at_bound, at_bound[i], 1e-5) << scales[i];
  for (const auto& [scale, share] :
       {std::pair{0.5, 0.000276}, {1.0, 0.068996}, {2.0, 0.363232}, {4.0, 0.649389}}) {
    EXPECT_NEAR(tanh_at(scale).saturated, share, 1e-5) << scale;
  }
}

// sigmoid(x) = (1 + tanh(x / 2)) / 2
TEST(Saturation, OfSigmoidAtTwiceTheScaleIsThatOfTanh) {
  for (const double scale : {0.5, 1.0, 2.0, 4.0}) {
    const LayerRecord a = sigmoid_at(2 * scale);
    const LayerRecord b = tanh_at(scale);
    EXPECT_NEAR(a.saturated, b.saturated, 1e-5);
    EXPECT_NEAR(a.at_bound, b.at_bound, 1e-5);
  }
}

TEST(LayerStatistics, KnowsTheFiguresOfASmallLayer) {
  LayerStatistics statistics(Thresholds{});
  const std::vector<float> z = {1, 2, 3, 4};
  statistics.add_inputs(std::span(z));
  // 2 examples, 3 units: the second never changes, the third is always 0.
  const std::vector<float> y = {1, 7, 0, 3, 7, 0};
  statistics.add_outputs(std::span(y), 3, 1);
  LayerRecord record;
  statistics.write(record, 2);
  EXPECT_DOUBLE_EQ(record.pre_mean, 2.5);
  EXPECT_DOUBLE_EQ(record.pre_std, std::sqrt(1.25));
  EXPECT_DOUBLE_EQ(record.mean, 3);
  EXPECT_DOUBLE_EQ(record.zeros, 2.0 / 6);
  EXPECT_EQ(record.dead_units, (std::vector<int64_t>{1, 2}));
  EXPECT_DOUBLE_EQ(record.dead, 2.0 / 3);
  EXPECT_TRUE(std::isnan(record.saturated));
  EXPECT_TRUE(std::isnan(record.at_bound));
  EXPECT_TRUE(std::isnan(record.delta));
}

// phi(x) where 1 - tanh(x)^2 is 0.9 is at 0.3275.
TEST(Saturation, TheLinearPartIsWhereTheSlopeIsNearItsLargest) {
  EXPECT_NEAR(tanh_at(1).linear, std::erf(std::atanh(std::sqrt(0.1)) / std::sqrt(2)), 1e-4);
}

// Of normal numbers, four deviations to either side, most in the middle.
TEST(Histogram, HasTheShapeOfItsNumbers) {
  const LayerRecord record = tanh_at(2);
  ASSERT_EQ(record.histogram.size(), kHistogramBins);
  EXPECT_NEAR(record.histogram_low, -8, 0.1);
  EXPECT_NEAR(record.histogram_high, 8, 0.1);
  const double all = std::accumulate(record.histogram.begin(), record.histogram.end(), 0.0);
  double within = 0;
  for (size_t i = 18; i < 30; ++i)
    within += static_cast<double>(record.histogram[i]);  // a deviation each side
  EXPECT_NEAR(within / all, 0.6827, 0.01);
}

LayerRecord of_inputs(const std::vector<std::vector<float>>& batches) {
  LayerStatistics statistics(Thresholds{});
  for (const auto& batch : batches) statistics.add_inputs(std::span(batch));
  LayerRecord record;
  statistics.write(record, 2);
  return record;
}

TEST(Histogram, TheFirstBatchSetsTheRangeAndEveryNumberWithinItCounts) {
  const LayerRecord record = of_inputs({{0, 1}, {0.5F, 7}});
  EXPECT_EQ(record.histogram_low, 0);
  EXPECT_EQ(record.histogram_high, 1);
  EXPECT_EQ(record.histogram.front(), 1);
  EXPECT_EQ(record.histogram[kHistogramBins / 2], 1);
  EXPECT_EQ(record.histogram.back(), 1);
}

TEST(Histogram, AConstantHasOneAndNaNHasNone) {
  const LayerRecord constant = of_inputs({{3, 3, 3}});
  EXPECT_LT(constant.histogram_low, 3);
  EXPECT_EQ(std::accumulate(constant.histogram.begin(), constant.histogram.end(), 0LL), 3);
  EXPECT_TRUE(of_inputs({{1, std::nanf(""), 2}}).histogram.empty());
}

TEST(LayerStatistics, AUnitThatRespondsInAnotherBatchOrAtOnePositionIsAlive) {
  LayerStatistics statistics(Thresholds{});
  // [1 example, 2 units, 2 positions], twice
  for (const auto& y : std::vector<std::vector<double>>{{0, 0, 0, 0}, {0, 0, 0, 5}}) {
    statistics.add_outputs(std::span<const double>(y), 2, 2);
  }
  LayerRecord record;
  statistics.write(record, 2);
  EXPECT_EQ(record.dead_units, std::vector<int64_t>{0});
}

TEST(LayerStatistics, NoUnitIsDeadByOneExample) {
  LayerStatistics statistics(Thresholds{});
  const std::vector<double> y = {1, 2};
  statistics.add_outputs(std::span(y), 2, 1);
  LayerRecord record;
  statistics.write(record, 1);
  EXPECT_TRUE(record.dead_units.empty());
  EXPECT_TRUE(std::isnan(record.dead));
}

// Where a deep network has lost what tells examples apart, rounding still makes a difference.
TEST(LayerStatistics, RoundingIsNoResponse) {
  LayerStatistics statistics(Thresholds{});
  const float one = 1;
  const std::vector<float> y = {one, one, 0, std::nextafter(one, 2.0F), 1.001F, 1e-30F};
  statistics.add_outputs(std::span(y), 3, 1);
  LayerRecord record;
  statistics.write(record, 2);
  EXPECT_EQ(record.dead_units, std::vector<int64_t>{0});
}

TEST(LayerStatistics, SmallDeltasDoNotVanish) {
  LayerStatistics statistics(Thresholds{});
  const std::vector<float> deltas = {3e-30F, 4e-30F};
  statistics.add_deltas(std::span(deltas), 2, 1);
  LayerRecord record;
  statistics.write(record, 2);
  EXPECT_NEAR(record.delta, std::sqrt(12.5) * 1e-30, 1e-36);
  EXPECT_NEAR(statistics.delta_norm(), 5e-30, 1e-36);
  EXPECT_NEAR(statistics.mean_delta_norm(1), 5e-30, 1e-36);
}

TEST(LayerStatistics, MeansOverExamplesAreThoseOfEachUnit) {
  LayerStatistics statistics(Thresholds{});
  // [2 examples, 2 units, 2 positions]; deltas of the second unit cancel out over the examples.
  const std::vector<double> deltas = {1, 2, 5, 5, 3, 0, -5, -5};
  statistics.add_deltas(std::span(deltas), 2, 2);
  EXPECT_DOUBLE_EQ(statistics.mean_delta_norm(2), 3);
  const std::vector<double> outputs = {1, 2, 8, 8, 3, 6, 0, 0};
  statistics.add_outputs(std::span(outputs), 2, 2);
  LayerRecord record;
  statistics.write(record, 2);
  EXPECT_EQ(record.unit_means, (std::vector<double>{3, 4}));
  EXPECT_EQ(record.unit_means_median, 3.5);
}

TEST(LayerStatistics, AConstantHasNoSpreadAndNaNHasNoFigures) {
  LayerStatistics constant(Thresholds{});
  const std::vector<float> y(1000, 0.1F);
  constant.add_outputs(std::span(y), 10, 1);
  LayerRecord record;
  constant.write(record, 100);
  EXPECT_EQ(record.std, 0);
  EXPECT_TRUE(std::isnan(record.centredness));

  LayerStatistics odd(Thresholds{});
  const std::vector<float> values = {1, NAN};
  odd.add_inputs(std::span(values));
  odd.add_outputs(std::span(values), 1, 1);
  LayerRecord none;
  odd.write(none, 2);
  EXPECT_TRUE(std::isnan(none.pre_mean));
  EXPECT_TRUE(std::isnan(none.pre_std));
}

}  // namespace
}  // namespace actlab
