#include "activation/moments.h"

#include <gtest/gtest.h>
#include <torch/utils.h>

#include <cmath>
#include <numbers>

#include "core/error.h"

namespace actlab {
namespace {

using std::numbers::pi;

ActivationMoments moments_of(const std::string& name, std::map<std::string, double> parameters = {}) {
  return gaussian_moments(ActivationCurve(ActivationSpec{name, std::move(parameters)}));
}

double normal_distribution(double x) {
  return std::erfc(-x / std::numbers::sqrt2) / 2;
}

// Composite quadrature in double with every kink on a panel's edge, to six digits.
struct Figure {
  ActivationSpec spec;
  double mean, second, derivative_mean, derivative_second;
};

const std::vector<Figure>& figures() {
  static const std::vector<Figure> table = {
      {{"sigmoid", {}}, 0.5, 0.293379, 0.206621, 0.044836},
      {{"tanh", {}}, 0, 0.394294, 0.605706, 0.464403},
      {{"lecun_tanh", {}}, 0, 0.750430, 0.852374, 0.803989},
      {{"softsign", {}}, 0, 0.183014, 0.412755, 0.227671},
      {{"hardtanh", {}}, 0, 0.516059, 0.682689, 0.682689},
      {{"relu", {}}, 0.398942, 0.5, 0.5, 0.5},
      {{"relu6", {}}, 0.398942, 0.5, 0.5, 0.5},
      {{"leaky_relu", {}}, 0.394953, 0.500050, 0.505, 0.500050},
      {{"leaky_relu", {{"negative_slope", 0.1}}}, 0.359048, 0.505, 0.55, 0.505},
      {{"leaky_relu", {{"negative_slope", 1 / 5.5}}}, 0.326407, 0.516529, 0.590909, 0.516529},
      {{"prelu", {}}, 0.299207, 0.531250, 0.625, 0.531250},
      {{"elu", {}}, 0.160521, 0.644945, 0.761578, 0.668102},
      {{"selu", {}}, 0, 1, 0.985231, 1.071575},
      {{"gelu", {}}, 0.282095, 0.425221, 0.5, 0.455851},
      {{"silu", {}}, 0.206621, 0.355776, 0.5, 0.379482},
      {{"mish", {}}, 0.240404, 0.452342, 0.563748, 0.479084},
      {{"softplus", {}}, 0.806059, 0.921246, 0.5, 0.293379},
      {{"hardswish", {}}, 0.166217, 0.331567, 0.5, 0.358532},
      {{"hardsigmoid", {}}, 0.5, 0.277639, 0.166217, 0.027703},
  };
  return table;
}

TEST(ActivationMoments, AreTheIndependentFigures) {
  for (const auto& figure : figures()) {
    const ActivationMoments moments = gaussian_moments(ActivationCurve(figure.spec));
    const std::string name = short_text(figure.spec);
    EXPECT_NEAR(moments.mean, figure.mean, 1e-6) << name;
    EXPECT_NEAR(moments.second, figure.second, 1e-6) << name;
    EXPECT_NEAR(moments.derivative_mean, figure.derivative_mean, 1e-6) << name;
    EXPECT_NEAR(moments.derivative_second, figure.derivative_second, 1e-6) << name;
  }
}

TEST(ActivationMoments, ExactIdentitiesHold) {
  constexpr double kTolerance = 1e-12;
  for (const double a : {0.0, 0.01, 0.1, 0.7}) {
    const ActivationMoments leaky = moments_of("leaky_relu", {{"negative_slope", a}});
    EXPECT_NEAR(leaky.mean, (1 - a) / std::sqrt(2 * pi), kTolerance);
    EXPECT_NEAR(leaky.second, (1 + a * a) / 2, kTolerance);
    EXPECT_NEAR(leaky.derivative_mean, (1 + a) / 2, kTolerance);
    EXPECT_NEAR(leaky.derivative_second, (1 + a * a) / 2, kTolerance);
  }
  EXPECT_NEAR(moments_of("elu").mean, 1 / std::sqrt(2 * pi) + std::exp(0.5) * normal_distribution(-1) - 0.5,
              kTolerance);
  EXPECT_NEAR(moments_of("gelu").mean, 1 / (2 * std::sqrt(pi)), kTolerance);
  EXPECT_NEAR(moments_of("gelu").second, 1.0 / 3 + 1 / (2 * pi * std::sqrt(3.0)), kTolerance);
  EXPECT_NEAR(moments_of("silu").mean, moments_of("sigmoid").derivative_mean, kTolerance);
  EXPECT_NEAR(moments_of("tanh").derivative_mean, 1 - moments_of("tanh").second, kTolerance);
  EXPECT_NEAR(moments_of("softplus").derivative_second, moments_of("sigmoid").second, kTolerance);
  EXPECT_NEAR(moments_of("identity").second, 1, kTolerance);
  EXPECT_NEAR(moments_of("selu").mean, 0, kTolerance);
  EXPECT_NEAR(moments_of("hardtanh").derivative_mean, 1 - 2 * normal_distribution(-1), kTolerance);
}

// A jump of f and f' off every panel's edge.
TEST(ActivationMoments, JumpsCostNoAccuracy) {
  constexpr double kJump = 0.337;
  const ActivationMoments moments = moments_of("hardshrink", {{"lambda", kJump}});
  const double density = std::exp(-kJump * kJump / 2) / std::sqrt(2 * pi);
  const double outside = 2 * normal_distribution(-kJump);
  EXPECT_NEAR(moments.derivative_mean, outside, 1e-11);
  EXPECT_NEAR(moments.second, outside + 2 * kJump * density, 1e-11);
}

TEST(ActivationMoments, ScaleWithTheVariance) {
  const ActivationCurve relu(ActivationSpec{"relu", {}});
  const ActivationMoments moments = gaussian_moments(relu, 9);
  EXPECT_NEAR(moments.mean, 3 / std::sqrt(2 * pi), 1e-11);
  EXPECT_NEAR(moments.second, 4.5, 1e-11);
}

TEST(ActivationMoments, CurvesAreOfOneVariableWithWhatWasLearned) {
  EXPECT_THROW(ActivationCurve(ActivationSpec{"softmax", {}}), Error);
  Activation prelu({"prelu", {}});
  {
    const torch::NoGradGuard no_grad;
    prelu.parameters()[0].fill_(-0.5);
  }
  const ActivationCurve curve(prelu);
  const auto [value, slope] = curve.at(torch::tensor({-2.0, 3.0}, torch::kFloat64));
  EXPECT_EQ(value[0].item<double>(), 1.0);
  EXPECT_EQ(slope[0].item<double>(), -0.5);
  EXPECT_EQ(value[1].item<double>(), 3.0);
}

TEST(CriticalPoint, IsHesForReluAndOnTheBorderOtherwise) {
  const CriticalPoint relu = critical_point(ActivationCurve(ActivationSpec{"relu", {}}));
  EXPECT_TRUE(relu.critical);
  EXPECT_NEAR(relu.weight_variance, 2, 1e-9);
  EXPECT_NEAR(relu.bias_variance, 0, 1e-9);
  for (const std::string name : {"tanh", "gelu", "silu", "elu", "sigmoid", "hardtanh"}) {
    const ActivationCurve curve(ActivationSpec{name, {}});
    const CriticalPoint point = critical_point(curve);
    ASSERT_TRUE(point.critical) << name;
    const ActivationMoments moments = gaussian_moments(curve, point.variance);
    EXPECT_NEAR(point.weight_variance * moments.derivative_second, 1, 1e-9) << name;
    EXPECT_NEAR(point.weight_variance * moments.second + point.bias_variance, point.variance,
                1e-6 * point.variance)
        << name;
  }
  EXPECT_FALSE(critical_point(ActivationCurve(ActivationSpec{"softplus", {}})).critical);
}

// Figures of numerical integration in six digits; the first are 1 / sqrt(pi) and 1 / sqrt(2 pi).
TEST(GroupMoments, AreThoseOfIndependentInputs) {
  struct Figure {
    ActivationSpec spec;
    double mean;
    double second;
  };
  for (const auto& [spec, mean, second] : {Figure{{"maxout", {{"pieces", 2}}}, 0.564190, 1.000000},
                                           {{"maxout", {{"pieces", 3}}}, 0.846284, 1.275664},
                                           {{"maxout", {{"pieces", 4}}}, 1.029375, 1.551329},
                                           {{"crelu", {}}, 0.398942, 0.5},
                                           {{"glu", {}}, 0, 0.293379},
                                           {{"geglu", {}}, 0, 0.425221}}) {
    const auto moments = Activation(spec).group_moments();
    ASSERT_TRUE(moments) << spec.type;
    EXPECT_NEAR(moments->mean, mean, 1e-6) << short_text(spec);
    EXPECT_NEAR(moments->second, second, 1e-6) << short_text(spec);
  }
  EXPECT_FALSE(Activation({"softmax", {}}).group_moments());
  EXPECT_FALSE(Activation({"relu", {}}).group_moments());
}

}  // namespace
}  // namespace actlab
