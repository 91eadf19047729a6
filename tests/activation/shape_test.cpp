#include "activation/shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "activation/table.h"

namespace actlab {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

ActivationShape shape_of(const ActivationSpec& spec) {
  return activation_shape(ActivationCurve(spec));
}

TEST(ActivationShape, LowestPointsAreThePublishedOnes) {
  struct Figure {
    std::string name;
    double x;
    double y;
  };
  for (const auto& [name, x, y] : {Figure{"gelu", -0.751792, -0.16997121},
                                   {"silu", -1.278465, -0.27846454},
                                   {"mish", -1.192431, -0.30884341},
                                   {"hardswish", -1.5, -0.375}}) {
    const ActivationShape shape = shape_of({name, {}});
    EXPECT_NEAR(shape.low, y, 1e-8) << name;
    EXPECT_NEAR(shape.lowest_x, x, 1e-6) << name;
    EXPECT_EQ(shape.high, kInfinity) << name;
    EXPECT_FALSE(shape.monotone) << name;
    EXPECT_EQ(shape.limit_left, 0.0) << name;
    EXPECT_EQ(shape.limit_right, kInfinity) << name;
  }
}

TEST(ActivationShape, SteepestPointsAreThePublishedOnes) {
  struct Figure {
    std::string name;
    double x;
    double slope;
  };
  for (const auto& [name, x, slope] : {Figure{"gelu", std::sqrt(2.0), 1.12890415},
                                       {"silu", 2.39936, 1.09983932},
                                       {"mish", 1.49057, 1.08849816},
                                       {"sigmoid", 0, 0.25},
                                       {"tanh", 0, 1},
                                       {"relu", 0, 1},
                                       {"hardswish", 3, 1.5},
                                       {"selu", 0, 1.7580993408473766},
                                       {"relu6", 0, 1}}) {
    const ActivationCurve curve(ActivationSpec{name, {}});
    const ActivationShape shape = activation_shape(curve);
    EXPECT_NEAR(shape.steepest_slope, slope, 1e-8) << name;
    EXPECT_NEAR(shape.steepest_x, x, 5e-6) << name;
    const ActivationBounds bounds = activation_bounds(curve);
    EXPECT_NEAR(bounds.steepest_slope, slope, 5e-3) << name;
    EXPECT_TRUE(bounds.low == shape.low || std::abs(bounds.low - shape.low) < 1e-4) << name;
    EXPECT_TRUE(bounds.high == shape.high || std::abs(bounds.high - shape.high) < 1e-4) << name;
  }
}

TEST(ActivationShape, WhatIsOnlyApproachedIsALimit) {
  const ActivationShape softsign = shape_of({"softsign", {}});
  EXPECT_EQ(softsign.limit_left, -1.0);
  EXPECT_EQ(softsign.limit_right, 1.0);
  EXPECT_EQ(softsign.high, 1.0);
  EXPECT_EQ(softsign.highest_x, kInfinity);
  EXPECT_TRUE(softsign.monotone);
  const ActivationShape squareplus = shape_of({"squareplus", {}});
  EXPECT_EQ(squareplus.limit_left, 0.0);
  EXPECT_EQ(squareplus.low, 0.0);
  EXPECT_EQ(squareplus.lowest_x, -kInfinity);
  EXPECT_NEAR(squareplus.steepest_slope, 1, 1e-8);
  EXPECT_EQ(squareplus.steepest_x, kInfinity);
  EXPECT_EQ(shape_of({"softplus", {}}).steepest_x, kInfinity);
}

TEST(ActivationShape, FunctionsWithoutLimitsOrBoundsHaveNone) {
  const ActivationShape sine = shape_of({"sine", {}});
  EXPECT_EQ(sine.limit_left, std::nullopt);
  EXPECT_EQ(sine.limit_right, std::nullopt);
  EXPECT_NEAR(sine.low, -1, 1e-12);
  EXPECT_NEAR(sine.high, 1, 1e-12);
  EXPECT_FALSE(sine.monotone);
  const ActivationShape squared = shape_of({"relu_squared", {}});
  EXPECT_EQ(squared.steepest_slope, kInfinity);
  EXPECT_EQ(squared.steepest_x, kInfinity);
  const ActivationShape symlog = shape_of({"symlog", {}});
  EXPECT_EQ(symlog.low, -kInfinity);
  EXPECT_EQ(symlog.high, kInfinity);
}

TEST(ActivationShape, KinksAreFoundWhereTheyAre) {
  const auto kinks = [](const ActivationSpec& spec) { return shape_of(spec).kinks; };
  using testing::DoubleNear;
  using testing::ElementsAre;
  EXPECT_THAT(kinks({"relu", {}}), ElementsAre(0));
  EXPECT_THAT(kinks({"elu", {{"alpha", 0.5}}}), ElementsAre(0));
  EXPECT_THAT(kinks({"hardtanh", {{"max_val", 0.7}}}),
              ElementsAre(DoubleNear(-1, 1e-8), DoubleNear(0.7, 1e-8)));
  EXPECT_THAT(kinks({"hardswish", {}}), ElementsAre(DoubleNear(-3, 1e-8), DoubleNear(3, 1e-8)));
  EXPECT_THAT(kinks({"threshold", {{"threshold", 0.3}, {"value", 2}}}), ElementsAre(DoubleNear(0.3, 1e-8)));
  for (const std::string smooth : {"elu", "gelu", "silu", "tanh", "smelu", "softsign", "identity"}) {
    EXPECT_THAT(kinks({smooth, {}}), ElementsAre()) << smooth;
  }
}

TEST(ActivationShape, FormulasWithHolesAndOverflowAreTaken) {
  const auto shape_of_formula = [](const std::string& formula) {
    return shape_of({kFormulaType, {}, formula, {}});
  };
  const ActivationShape exponential = shape_of_formula("exp(x)");
  EXPECT_EQ(exponential.high, kInfinity);
  EXPECT_EQ(exponential.limit_left, 0.0);
  EXPECT_TRUE(exponential.monotone);
  const ActivationShape overflowing = shape_of_formula("exp(x) / (1 + exp(x))");
  EXPECT_EQ(overflowing.limit_right, 1.0);
  EXPECT_NEAR(overflowing.steepest_slope, 0.25, 1e-8);
  const ActivationShape logarithm = shape_of_formula("log(x)");
  EXPECT_EQ(logarithm.limit_left, std::nullopt);
  const ActivationShape pole = shape_of_formula("1 / x");
  EXPECT_EQ(pole.limit_right, 0.0);
  EXPECT_FALSE(pole.monotone);
  const ActivationShape wider = shape_of_formula("x * sin(x)");
  EXPECT_EQ(wider.limit_right, std::nullopt);
  EXPECT_EQ(wider.high, kInfinity);
  EXPECT_EQ(wider.low, -kInfinity);
  EXPECT_EQ(shape_of_formula("(x > 0) - (x < 0)").kinks.size(), 1U);
}

TEST(ActivationShape, OfManyCrestsTheNearestCounts) {
  const ActivationShape sine = shape_of({kFormulaType, {}, "sin(x)"});
  EXPECT_NEAR(std::abs(sine.highest_x), std::acos(0.0), 1e-5);
  EXPECT_NEAR(std::abs(sine.lowest_x), std::acos(0.0), 1e-5);
  EXPECT_EQ(sine.steepest_x, 0);
}

TEST(SampledCurve, IsBrokenWhereTheFunctionOrItsSlopeJumps) {
  const SampledCurve relu = sampled_curve(ActivationCurve(ActivationSpec{"relu", {}}), -4, 4, 81);
  ASSERT_EQ(relu.x.size(), 83U) << "0 is a place of its own, with one just before and one just after";
  const auto at = std::find(relu.x.begin(), relu.x.end(), 0.0) - relu.x.begin();
  EXPECT_TRUE(std::isnan(relu.slope[at]));
  EXPECT_EQ(relu.slope[at - 1], 0);
  EXPECT_EQ(relu.slope[at + 1], 1);
  const SampledCurve smooth = sampled_curve(ActivationCurve(ActivationSpec{"tanh", {}}), -4, 4, 81);
  EXPECT_EQ(smooth.x.size(), 81U);
  EXPECT_TRUE(std::ranges::none_of(smooth.value, [](double y) { return std::isnan(y); }));
}

TEST(ActivationShape, TellsWhatIsMadeToBeOffFromWhatSaturates) {
  const auto switches = [](const ActivationSpec& spec) {
    return activation_bounds(ActivationCurve(spec)).switches;
  };
  const std::set<std::string> made_to_be = {"relu",         "leaky_relu", "prelu",       "rrelu",
                                            "relu6",        "hardtanh",   "hardsigmoid", "hardshrink",
                                            "softshrink",   "threshold",  "hardswish",   "smelu",
                                            "relu_squared", "star_relu",  "identity",    "hard_elish"};
  for (const auto& row : activation_table()) {
    if (!row.element_wise) continue;
    EXPECT_EQ(switches({row.name, {}}), made_to_be.contains(row.name)) << row.name;
  }
  EXPECT_TRUE(switches({"leaky_relu", {{"negative_slope", 0}}}));
  const auto formula = [](const std::string& text) { return ActivationSpec{kFormulaType, {}, text}; };
  EXPECT_TRUE(switches(formula("max(x, 0) - max(x - 1, 0)")));
  EXPECT_FALSE(switches(formula("sigmoid(10 * x)")));  // its slope becomes exactly 0, but by and by
}

}  // namespace
}  // namespace actlab
