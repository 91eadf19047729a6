#include "models/activation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"

namespace actlab {
namespace {

torch::Tensor grid() {
  return torch::linspace(-8, 8, 1601, torch::kFloat64);
}

TEST(ActivationTable, NonDecreasingRowsAreSoOnTheGrid) {
  for (const auto& info : activation_table()) {
    if (!info.element_wise || !info.non_decreasing) continue;
    Activation activation({info.name, {}});
    const auto y = activation.forward(grid());
    EXPECT_GE(y.diff().min().item<double>(), -1e-12) << info.name;
  }
}

TEST(ActivationTable, EveryRowKeepsTheShapeAndHasAGradient) {
  for (const auto& info : activation_table()) {
    Activation activation({info.name, {}});
    const auto x = torch::randn({5, 7}).requires_grad_();
    const auto y = activation.forward(x);
    EXPECT_EQ(y.sizes(), x.sizes()) << info.name;
    y.sum().backward();
    EXPECT_TRUE(x.grad().isfinite().all().item<bool>()) << info.name;
  }
}

TEST(Activation, SigmoidIsTheFormulaAndItsSlopeIsAtMostAQuarter) {
  Activation sigmoid({"sigmoid", {}});
  const auto x = grid().requires_grad_();
  const auto y = sigmoid.forward(x);
  EXPECT_TRUE(torch::allclose(y, 1 / (1 + (-x).exp()), 1e-14, 1e-14));
  y.sum().backward();
  EXPECT_NEAR(x.grad().max().item<double>(), 0.25, 1e-12);
}

TEST(Activation, ParametersChangeTheFunction) {
  Activation leaky({"leaky_relu", {{"negative_slope", 0.2}}});
  EXPECT_FLOAT_EQ(leaky.forward(torch::tensor({-2.0F}))[0].item<float>(), -0.4F);
  Activation elu({"elu", {{"alpha", 0.5}}});
  EXPECT_NEAR(elu.forward(torch::tensor({-1.0F}))[0].item<float>(), 0.5 * (std::exp(-1.0) - 1), 1e-6);
}

TEST(Activation, PreluHasOneLearnedWeight) {
  Activation prelu({"prelu", {{"init", 0.1}}});
  ASSERT_EQ(prelu.parameters().size(), 1U);
  EXPECT_FLOAT_EQ(prelu.parameters()[0].item<float>(), 0.1F);
  prelu.forward(torch::tensor({-3.0F, 1.0F})).sum().backward();
  EXPECT_FLOAT_EQ(prelu.parameters()[0].grad().item<float>(), -3.0F);
}

TEST(Activation, UnknownNamesAndParametersAreExplained) {
  const auto message = [](const ActivationSpec& spec) -> std::string {
    try {
      Activation activation(spec);
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), ExitStatus::kUsage);
      return e.what();
    }
    return "";
  };
  EXPECT_THAT(message({"rleu", {}}), testing::HasSubstr("'relu'"));
  EXPECT_THAT(message({"leaky_relu", {{"slope", 0.1}}}), testing::HasSubstr("'slope'"));
  EXPECT_THAT(message({"softplus", {{"beta", 0}}}), testing::HasSubstr("beta"));
}

class Recorder : public ActivationObserver {
 public:
  void observe(const Activation& activation, const torch::Tensor& input,
               const torch::Tensor& output) override {
    names.push_back(activation.info().name);
    inputs.push_back(input);
    outputs.push_back(output);
  }
  std::vector<std::string> names;
  std::vector<torch::Tensor> inputs, outputs;
};

TEST(Activation, AnObserverSeesInputAndOutputUntilItIsDetached) {
  Activation tanh({"tanh", {}});
  Recorder recorder;
  tanh.attach(&recorder);
  const auto x = torch::randn({4});
  const auto y = tanh.forward(x);
  tanh.attach(nullptr);
  tanh.forward(x);
  ASSERT_EQ(recorder.names, std::vector<std::string>{"tanh"});
  EXPECT_TRUE(recorder.inputs[0].equal(x));
  EXPECT_TRUE(recorder.outputs[0].equal(y));
}

}  // namespace
}  // namespace actlab
