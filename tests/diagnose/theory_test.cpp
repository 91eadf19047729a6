#include "diagnose/theory.h"

#include <gmock/gmock.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "core/test_support.h"
#include "diagnose/examine.h"
#include "diagnose/probe.h"
#include "models/mlp.h"
#include "models/sequential.h"

namespace actlab::test {
namespace {

using torch::Tensor;

ActivationCurve curve(const std::string& type) {
  return ActivationCurve(ActivationSpec{type, {}});
}

MlpOptions deep(const std::string& activation, const std::string& init, size_t layers = 30,
                int64_t width = 100) {
  MlpOptions options;
  options.hidden.assign(layers, width);
  options.activation.specs = {ActivationSpec{activation, {}}};
  options.init.type = init;
  return options;
}

// On inputs of so many features, in ten classes.
template <class Options>
Model model_of(const Options& options, int64_t features) {
  const InputShape input = {1, 1, features};
  return Model(describe(options, input, 10), input);
}

Theory theory_of(const MlpOptions& options) {
  return predict(model_of(options, 100), options.init);
}

// Of tanh, by q: w = 1 / E[f'^2] and b = q - w E[f^2] put q on the critical line.
TEST(FixedPoint, LiesOnTheCriticalLineOfTanh) {
  const ActivationCurve tanh = curve("tanh");
  for (const auto& [b, w, q] : std::vector<std::tuple<double, double, double>>{{2e-5, 1.04991, 0.02587},
                                                                               {0.001, 1.18919, 0.10729},
                                                                               {0.0025, 1.26009, 0.15369},
                                                                               {0.01, 1.42421, 0.27330},
                                                                               {0.05, 1.76095, 0.57005},
                                                                               {0.1, 1.98607, 0.80580},
                                                                               {0.2, 2.28515, 1.16450},
                                                                               {0.3, 2.50513, 1.46117}}) {
    const ActivationMoments moments = gaussian_moments(tanh, q);
    EXPECT_NEAR(1 / moments.derivative_second, w, 2e-5) << b;
    const FixedPoint point = fixed_point(tanh, w, b);
    EXPECT_NEAR(point.variance, q, 1e-5 * (1 + 1 / std::sqrt(b) / 10)) << b;
    EXPECT_NEAR(point.chi, 1, 2e-5) << b;
  }
}

TEST(FixedPoint, OfTanhAgreesWithTheTable) {
  const ActivationCurve tanh = curve("tanh");
  for (const auto& [w, q, chi] : std::vector<std::tuple<double, double, double>>{{1, 0.19359, 0.75903},
                                                                                 {1.3, 0.31532, 0.88016},
                                                                                 {1.5, 0.41804, 0.93864},
                                                                                 {2, 0.72176, 1.04767},
                                                                                 {2.5, 1.06396, 1.13352},
                                                                                 {3, 1.42801, 1.20893},
                                                                                 {4, 2.19549, 1.34240}}) {
    const FixedPoint point = fixed_point(tanh, w, 0.05);
    EXPECT_NEAR(point.variance, q, 5.1e-6) << w;
    EXPECT_NEAR(point.chi, chi, 5.1e-6) << w;
  }
}

struct Ratio {
  std::string activation;
  double w, b, ratio, tolerance;
};

TEST(FixedPoint, DeltaRatiosOfTheUsualInitialisations) {
  constexpr double kThird = 1.0 / 3;
  constexpr double kBias = kThird / 256;  // what torch.nn draws biases with for a fan-in of 256
  for (const auto& [activation, w, b, ratio, tolerance] :
       std::vector<Ratio>{{"sigmoid", kThird, 0, 0.1414, 5e-5},
                          {"tanh", kThird, 0, 0.577, 5e-4},
                          {"relu", kThird, 0, 0.4082, 5e-5},
                          {"softplus", kThird, 0, 0.2948, 5e-5},
                          {"gelu", kThird, kBias, 0.2892, 5e-5},
                          {"silu", kThird, kBias, 0.2889, 5e-5},
                          {"sigmoid", 1, 0, 0.2361, 5e-5},
                          {"relu", 1, 0, 0.7071, 5e-5},
                          {"softplus", 1, 0, 0.5373, 5e-5},
                          {"gelu", 1, 0, 0.50, 5e-3},
                          {"silu", 1, 0, 0.50, 5e-3},
                          {"selu", 1, 0, 1.035, 5e-4},
                          {"sigmoid", 2, 0, 0.3178, 5e-5},
                          {"tanh", 2, 0, 1.051, 5e-4},
                          {"relu", 2, 0, 1, 5e-5},
                          {"gelu", 2, 0, 0.707, 5e-4},
                          {"silu", 2, 0, 0.707, 5e-4},
                          {"sigmoid", 1, 1, 0.2048, 5e-5},
                          {"tanh", 1, 1, 0.6316, 5e-5},
                          {"relu", 1, 1, 0.7071, 5e-5},
                          {"softplus", 1, 1, 0.57565, 5e-6},
                          {"gelu", 1, 1, 0.6975, 5e-5},
                          {"silu", 1, 1, 0.6429, 5e-5},
                          {"selu", 1, 1, 0.9183, 5e-5}}) {
    EXPECT_NEAR(std::sqrt(fixed_point(curve(activation), w, b).chi), ratio, tolerance)
        << activation << " " << w << " " << b;
  }
  const ActivationCurve leaky(ActivationSpec{"leaky_relu", {{"negative_slope", 0.1}}});
  EXPECT_NEAR(std::sqrt(fixed_point(leaky, kThird, 0).chi), 0.4103, 5e-5);
  EXPECT_NEAR(std::sqrt(fixed_point(leaky, 1, 0).chi), 0.7106, 5e-5);
  EXPECT_NEAR(std::sqrt(fixed_point(leaky, 2, 0).chi), 1.005, 5e-4);
}

TEST(Theory, FollowsALayerAtATime) {
  const Theory theory = theory_of(deep("relu", "he_normal", 5));
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(theory.layers[i].critical_gain, std::sqrt(2.0), 1e-6);
    EXPECT_NEAR(theory.layers[i].gain, std::sqrt(2.0), 1e-12);
    if (i < 4) {
      EXPECT_NEAR(theory.layers[i].delta_ratio, 1, 1e-6);
    }
  }
  EXPECT_TRUE(std::isnan(theory.vanishing_depth));
  EXPECT_TRUE(std::isnan(theory.exploding_depth));
  // tanh at (1, 0) nears 1 slowly: .905 at the fourth layer.
  EXPECT_NEAR(theory_of(deep("tanh", "lecun_normal", 5)).layers[3].delta_ratio, 0.905, 0.03);
}

TEST(Theory, SaysAtWhichDepthTheGradientIsLost) {
  // 0.1414 a layer: 7 / log10(1 / 0.1414) layers.
  EXPECT_NEAR(theory_of(deep("sigmoid", "default")).vanishing_depth, 8.24, 0.1);
  EXPECT_NEAR(theory_of(deep("sigmoid", "default", 3)).vanishing_depth, 8.24, 0.1);  // deeper than it is
  const Theory large = theory_of(deep("tanh", "he_normal", 10));
  EXPECT_GT(large.exploding_depth, 200);
  EXPECT_TRUE(std::isnan(large.vanishing_depth));
  EXPECT_TRUE(std::isnan(theory_of(deep("sigmoid", "default", 1)).vanishing_depth));
  EXPECT_NEAR(theory_of(deep("sigmoid", "auto")).layers[0].gradient, 1, 1e-4);
}

TEST(Theory, EndsWhereNoWeightsFeedAnActivation) {
  SequentialOptions options;
  options.layers = {FlattenLayer{}, LinearLayer{}, ActivationLayer{}, ActivationLayer{}, LinearLayer{}};
  const Theory theory = predict(model_of(options, 20), options.init);
  ASSERT_EQ(theory.layers.size(), 2U);
  EXPECT_GT(theory.layers[0].pre_std, 0);
  EXPECT_TRUE(std::isnan(theory.layers[1].pre_std));
  EXPECT_THAT(theory.notes, testing::Contains(testing::HasSubstr("layers.3")));
  EXPECT_TRUE(to_json(theory.layers[1])["pre_std"].is_null());
}

// Measured on random networks and normal inputs, in double: the mean over inner layers.
struct Measured {
  double delta_ratio = 0;
  double pre_std = 0;
  double mean = 0;
};

Measured measure(const MlpOptions& options, int seeds) {
  Measured sum;
  double terms = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    torch::manual_seed(seed);
    Model model = model_of(options, 100);
    model.to(torch::kFloat64);
    const Tensor inputs = torch::randn({20, 1, 1, 100}, torch::kFloat64);
    const Tensor labels = torch::randint(10, {20});
    const auto records =
        examine(model, [](const Tensor& y, const Tensor& t) { return at::cross_entropy_loss(y, t); },
                {20, [&](int64_t, int64_t) { return std::pair{inputs, labels}; }})
            .layers;
    for (size_t i = 2; i + 2 < records.size(); ++i, ++terms) {
      sum.delta_ratio += records[i].delta_ratio;
      sum.pre_std += records[i].pre_std;
      sum.mean += records[i].mean;
    }
  }
  return {sum.delta_ratio / terms, sum.pre_std / terms, sum.mean / terms};
}

TEST(Theory, AgreesWithADeepSigmoidNetwork) {
  const MlpOptions options = deep("sigmoid", "default");
  const Theory theory = theory_of(options);
  const Measured measured = measure(options, 20);
  EXPECT_NEAR(measured.delta_ratio / theory.layers[15].delta_ratio, 1, 0.03);
  EXPECT_NEAR(measured.pre_std / theory.layers[15].pre_std, 1, 0.03);
  EXPECT_NEAR(measured.mean / theory.layers[15].mean, 1, 0.03);
}

TEST(Theory, AgreesWhereOutputsDependOnSeveralInputs) {
  const MlpOptions options = deep("softmax", "lecun_normal", 6);
  const Theory theory = theory_of(options);
  const Measured measured = measure(options, 10);
  EXPECT_NEAR(measured.delta_ratio / theory.layers[3].delta_ratio, 1, 0.1);
  EXPECT_TRUE(std::isnan(theory.layers[0].critical_gain));
}

// Whether some hidden layer gives nothing for any of the inputs.
bool is_dead(Model& model, const Tensor& inputs) {
  const Probe probe(model);
  model.forward(inputs);
  return std::ranges::any_of(
      probe.sights(), [](const auto& sight) { return sight.output.eq(0).all().template item<bool>(); });
}

TEST(TheorySlow, BoundsHowManyNetworksStartDead) {
  constexpr int kNetworks = 2000;
  for (const std::string init : {"default", "he_normal"}) {
    const MlpOptions options = deep("relu", init, 5, 2);
    const Theory theory = theory_of(options);
    EXPECT_NEAR(theory.dead_probability, 1 - std::pow(0.75, 5), 1e-12);
    const torch::NoGradGuard no_grad;
    int for_one = 0;
    int for_all = 0;
    for (int seed = 0; seed < kNetworks; ++seed) {
      torch::manual_seed(seed);
      Model model = model_of(options, 100);
      const Tensor inputs = torch::randn({30, 1, 1, 100});
      for_one += is_dead(model, inputs.slice(0, 0, 1));
      for_all += is_dead(model, inputs);
    }
    const double expected = theory.dead_probability * kNetworks;
    const double deviation = std::sqrt(expected * (1 - theory.dead_probability));
    EXPECT_NEAR(for_one, expected, 4 * deviation) << init;  // for one input the bound is what comes
    EXPECT_LT(for_all, expected) << init;
    EXPECT_GT(for_all, 0.3 * expected) << init;
  }
}

TEST(Theory, OnlyWhatCanBeOffStartsDead) {
  EXPECT_LT(theory_of(deep("relu", "he_normal")).dead_probability, 1e-20);  // 100 units
  for (const char* activation : {"leaky_relu", "tanh", "crelu"})
    EXPECT_EQ(theory_of(deep(activation, "default", 5, 2)).dead_probability, 0) << activation;
  MlpOptions shifted = deep("relu", "default", 5, 2);
  shifted.init.bias = {.type = "constant", .value = -3};
  EXPECT_TRUE(std::isnan(theory_of(shifted).dead_probability));
}

}  // namespace
}  // namespace actlab::test
