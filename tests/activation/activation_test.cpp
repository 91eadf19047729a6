#include "activation/activation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/utils.h>

#include <set>

#include "activation/table.h"
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

TEST(ActivationTable, EveryRowSaysWhatItIs) {
  for (const auto& info : activation_table()) {
    for (const auto& text : {info.formula, info.derivative, info.range}) {
      EXPECT_NE(text, "") << info.name;
    }
  }
  const auto names = activation_names();
  EXPECT_GE(names.size(), 40U);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST(ActivationTable, EveryRowHasTheWidthItSaysAndFiniteGradients) {
  for (const auto& info : activation_table()) {
    Activation activation({info.name, {}});
    // Zeros and large values are where 0/0, inf - inf and 0 * inf lurk.
    const auto x = torch::cat({torch::randn({5, 12}), torch::zeros({1, 12}), torch::full({1, 12}, 200.0),
                               torch::full({1, 12}, -200.0)})
                       .requires_grad_();
    const auto y = activation.forward(x);
    EXPECT_EQ(y.size(0), x.size(0)) << info.name;
    EXPECT_EQ(y.size(1), activation.output_width(12)) << info.name;
    y.sum().backward();
    EXPECT_TRUE(y.isfinite().all().item<bool>()) << info.name;
    EXPECT_TRUE(x.grad().isfinite().all().item<bool>()) << info.name;
  }
}

// Images have another memory layout, and dimension 1 is not the last.
TEST(ActivationTable, EveryRowTakesImagesAsItTakesFeatures) {
  const auto image = torch::randn({3, 12, 4, 5});
  const auto channels_last = image.contiguous(torch::MemoryFormat::ChannelsLast);
  for (const auto& info : activation_table()) {
    Activation activation({info.name, {}});
    activation.eval();
    const auto y = activation.forward(channels_last);
    EXPECT_EQ(y.sizes(), (std::vector<int64_t>{3, activation.output_width(12), 4, 5})) << info.name;
    EXPECT_TRUE(!info.width || y.is_contiguous(torch::MemoryFormat::ChannelsLast)) << info.name;
    EXPECT_TRUE(torch::allclose(y, activation.forward(image), 1e-5, 1e-6)) << info.name;
    const auto pixel = activation.forward(image.select(3, 2).select(2, 1));
    EXPECT_TRUE(torch::allclose(y.select(3, 2).select(2, 1), pixel, 1e-5, 1e-6)) << info.name;
  }
}

TEST(ActivationTable, WhatCombinesGroupsRefusesOtherWidths) {
  EXPECT_EQ(Activation({"crelu", {}}).output_width(7), 14);
  EXPECT_EQ(Activation({"maxout", {{"pieces", 4}}}).output_width(12), 3);
  EXPECT_EQ(Activation({"gelu", {}}).output_width(7), 7);
  EXPECT_THROW(Activation({"maxout", {{"pieces", 4}}}).output_width(10), Error);
  for (const std::string name : {"glu", "reglu", "geglu", "swiglu"}) {
    EXPECT_EQ(Activation({name, {}}).output_width(8), 4);
    EXPECT_THROW(Activation({name, {}}).output_width(7), Error) << name;
  }
}

TEST(Activation, RreluDrawsItsSlopesFromTheDefaultGeneratorWhileTraining) {
  Activation rrelu({"rrelu", {{"lower", 0.2}, {"upper", 0.6}}});
  const auto x = torch::full({1000}, -1.0);
  const auto draw = [&](uint64_t seed) {
    torch::manual_seed(seed);
    return rrelu.forward(x);
  };
  const auto slopes = -draw(5);
  EXPECT_GE(slopes.min().item<float>(), 0.2F);
  EXPECT_LE(slopes.max().item<float>(), 0.6F);
  EXPECT_GT(slopes.max().item<float>() - slopes.min().item<float>(), 0.3F);
  EXPECT_TRUE(slopes.equal(-draw(5)));
  EXPECT_FALSE(slopes.equal(-draw(6)));
  rrelu.eval();
  EXPECT_TRUE(torch::allclose(rrelu.forward(x), torch::full({1000}, -0.4)));
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
  EXPECT_THAT(message({"hardtanh", {{"min_val", 2}}}), testing::HasSubstr("min_val must not exceed max_val"));
  EXPECT_THAT(message({"rrelu", {{"lower", 1}}}), testing::HasSubstr("lower must not exceed upper"));
  EXPECT_THAT(message({"maxout", {{"pieces", 2.5}}}), testing::HasSubstr("whole"));
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
