#include <torch/autograd.h>
#include <torch/utils.h>

#include "activation/formula_function.h"
#include "cuda/cuda_support.h"
#include "formula/formula_support.h"
#include "formula/parser.h"

// Formulas are operations on whole tensors on the GPU, and blocks in the cache on the CPU.
namespace actlab::test {
namespace {

using torch::Tensor;

class CudaFormula : public CudaTest {};

struct FormulaPass {
  Tensor y;
  std::vector<Tensor> gradients;  // by x, then by each learned parameter
};

FormulaPass formula_pass(const FormulaFunction& function, const std::vector<double>& learned,
                         const std::vector<double>& constants, const Tensor& x, torch::Device device) {
  std::vector<Tensor> parameters;
  for (const double value : learned)
    parameters.push_back(torch::full({1}, value, x.options().device(device)).requires_grad_());
  const Tensor input = x.to(device).detach().requires_grad_();
  FormulaPass pass{function(input, parameters, constants), {}};
  pass.y.backward(at::cos(at::arange(x.numel(), x.options())).reshape(x.sizes()).to(device));
  pass.gradients.push_back(input.grad());
  for (const auto& parameter : parameters) pass.gradients.push_back(parameter.grad());
  return pass;
}

// By x element by element; by a parameter as a sum over 2103 of them, whose terms partly cancel.
void compare_formula(const FormulaExample& example, torch::ScalarType type, double tolerance) {
  torch::manual_seed(1);
  const Tensor x = (2 * torch::randn({3, 701}, torch::kFloat64)).to(type);
  const Formula formula = parse_formula(example.text, example.parameters);
  for (const bool learn : {false, true}) {
    const FormulaFunction function(formula, learn ? example.parameters : std::vector<std::string>{});
    const auto& learned = learn ? example.values : std::vector<double>{};
    const auto& constants = learn ? std::vector<double>{} : example.values;
    const FormulaPass gpu = formula_pass(function, learned, constants, x, tested_device());
    const FormulaPass cpu = formula_pass(function, learned, constants, x, torch::kCPU);
    EXPECT_EQ(gpu.y.device(), tested_device()) << example.name;
    EXPECT_EQ(gpu.y.scalar_type(), type) << example.name;
    expect_near(gpu.y, cpu.y, tolerance, example.name + ": y");
    ASSERT_EQ(gpu.gradients.size(), cpu.gradients.size()) << example.name;
    for (size_t i = 0; i < gpu.gradients.size(); ++i) {
      expect_near(gpu.gradients[i], cpu.gradients[i], (i == 0 ? 1 : 100) * tolerance,
                  example.name + ": gradient " + std::to_string(i));
    }
  }
}

TEST_F(CudaFormula, Float32IsTheCpus) {
  for (const auto& example : formula_examples()) compare_formula(example, torch::kFloat32, 1e-5);
}

// What diagnose computes in.
TEST_F(CudaFormula, Float64IsTheCpus) {
  for (const auto& example : formula_examples()) compare_formula(example, torch::kFloat64, 1e-12);
}

// Calculated in float32 and rounded once, on either side; one unit in the last place of bfloat16 is 8e-3.
TEST_F(CudaFormula, BFloat16IsTheCpus) {
  for (const auto& example : formula_examples()) compare_formula(example, torch::kBFloat16, 1e-2);
}

// With a number alone or a learned parameter alone there is nothing of x to take shape and device from.
TEST_F(CudaFormula, WhatDoesNotDependOnXIsOnTheGpuToo) {
  for (const FormulaExample& example :
       {FormulaExample{"number", "1.5 + 0 * x"}, FormulaExample{"parameter", "a + 0 * x", {"a"}, {0.7}},
        FormulaExample{"both", "where(x > 0, a, 0.25)", {"a"}, {0.7}}}) {
    compare_formula(example, torch::kFloat32, 1e-6);
  }
}

// The gradient of a gradient goes through the recorded operations.
TEST_F(CudaFormula, TheSecondDerivativeIsTheCpus) {
  const FormulaFunction function(parse_formula("x * sigmoid(b * x)", {"b"}));
  const auto second = [&](torch::Device device) {
    const Tensor x = at::linspace(-4, 4, 101).to(device).requires_grad_();
    const Tensor first = torch::autograd::grad({function(x, {}, {1.3}).sum()}, {x}, {}, std::nullopt,
                                               /*create_graph=*/true)[0];
    return torch::autograd::grad({first.sum()}, {x})[0];
  };
  expect_near(second(tested_device()), second(torch::kCPU), 1e-5, "second derivative");
}

}  // namespace
}  // namespace actlab::test
