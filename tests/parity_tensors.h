#pragma once

#include <torch/nn/module.h>
#include <torch/utils.h>

#include <cmath>
#include <string>
#include <vector>

#include "parity.h"

// Tensors among PyTorch's figures: {shape, values}, or {shape, stride, values, norm} of a large one. What is
// compared has its `rounding` beside it: how far it moves in float64 when what it is computed from is rounded
// to float32 (scripts/parity/rounding.py).
namespace actlab::test {

inline torch::Tensor read_tensor(const nlohmann::json& figure) {
  const auto values = figure["values"].get<std::vector<float>>();
  return torch::tensor(values).reshape(figure["shape"].get<std::vector<int64_t>>());
}

inline torch::Tensor read_labels(const nlohmann::json& labels) {
  return torch::tensor(labels.get<std::vector<int64_t>>());
}

// Computing in float32 rounds not only what it starts from but every step in between, in an order that
// depends on the processor. With kernels for AVX-512, AVX2 and SSE2 nothing has been seen to move by more
// than 5.3 roundings.
constexpr double kRoundings = 16;

// Equal element by element, within kRoundings.
inline void expect_equal(const torch::Tensor& actual, const nlohmann::json& figure, const std::string& what) {
  ASSERT_EQ(actual.sizes().vec(), figure["shape"].get<std::vector<int64_t>>()) << what;
  const torch::Tensor flat = actual.detach().contiguous().flatten().to(torch::kFloat64);
  const torch::Tensor sample = flat.slice(0, 0, {}, figure.value("stride", int64_t{1}));
  const torch::Tensor expected = torch::tensor(figure["values"].get<std::vector<double>>(), torch::kFloat64);
  ASSERT_EQ(sample.numel(), expected.numel()) << what;
  const double tolerance = kRoundings * figure["rounding"].get<double>();
  EXPECT_LE((sample - expected).abs().max().item<double>(), tolerance) << what << "\n"
                                                                       << sample << "\nshould be\n"
                                                                       << expected;
  if (!figure.contains("norm")) return;
  // A norm moves by the norm of what the elements move by, at most.
  EXPECT_NEAR(flat.norm().item<double>(), figure["norm"].get<double>(),
              tolerance * std::sqrt(static_cast<double>(flat.numel())))
      << what << ": norm";
}

// Sets every parameter of the module to the figure of its name.
inline void set_weights(torch::nn::Module& module, const nlohmann::json& figures) {
  torch::NoGradGuard no_grad;
  const auto parameters = module.named_parameters();
  ASSERT_EQ(parameters.size(), figures.size());
  for (const auto& parameter : parameters) {
    ASSERT_TRUE(figures.contains(parameter.key())) << parameter.key();
    parameter.value().copy_(read_tensor(figures[parameter.key()]));
  }
}

}  // namespace actlab::test
