#include <gtest/gtest.h>

#include <set>

#include "activation/table_groups.h"
#include "activation/table_libtorch.h"
#include "models/registry_fields.h"
#include "parity_tensors.h"

namespace actlab::test {
namespace {

ActivationSpec read_spec(const std::string& yaml) {
  Problems problems;
  ActivationSpec spec;
  read_value(parse_yaml_value(yaml, problems, "activation"), spec, ReadContext{"activation", problems});
  EXPECT_EQ(problems.text(), "") << yaml;
  return spec;
}

TEST(ActivationParity, ValuesAndGradientsArePyTorchs) {
  const auto& figures = parity_figures()["activations"];
  for (const auto& figure : figures["cases"]) {
    const std::string name = figure["activation"];
    Activation activation(read_spec(name));
    activation.eval();
    const torch::Tensor x = read_tensor(figures["x"]).requires_grad_();
    const torch::Tensor y = activation.forward(x);
    y.backward(read_tensor(figures["upstream"]).narrow(1, 0, y.size(1)));
    expect_equal(y, figure["y"], name + ": y");
    expect_equal(x.grad(), figure["dx"], name + ": dL/dx");
    ASSERT_EQ(activation.parameters().size(), figure.contains("dweight") ? 1u : 0u) << name;
    if (figure.contains("dweight")) {
      expect_equal(activation.parameters()[0].grad(), figure["dweight"], name + ": dL/dweight");
    }
  }
}

// The other functions of one variable are compared with their formulas.
TEST(ActivationParity, WhatLibTorchHasAndWhatCombinesFeaturesHasFigures) {
  std::set<std::string> compared;
  for (const auto& figure : parity_figures()["activations"]["cases"]) {
    compared.insert(read_spec(figure["activation"]).type);
  }
  for (const auto* rows : {&kLibtorchActivations, &kGroupActivations}) {
    for (const auto& row : *rows) {
      EXPECT_TRUE(compared.contains(row.name)) << row.name << ": add it to scripts/parity/activations.py";
    }
  }
}

// Over channels where there are any, as softmax does in the figures over features.
TEST(ActivationParity, SoftmaxOfImagesIsOverChannels) {
  const torch::Tensor x = torch::arange(2 * 3 * 4 * 4).reshape({2, 3, 4, 4}).to(torch::kFloat32);
  const torch::Tensor sums = Activation({"softmax", {}}).forward(x).sum(1);
  EXPECT_TRUE(torch::allclose(sums, torch::ones({2, 4, 4})));
}

}  // namespace
}  // namespace actlab::test
