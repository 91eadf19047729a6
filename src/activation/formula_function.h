#pragma once

#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "formula/formula.h"

namespace actlab {

struct FormulaPrograms;

// A formula as a function of tensors. Its gradient is the formula's exact derivative (formula.h), also where
// autograd through the single operations would give NaN. On the CPU, float and double go through memory block
// by block; elsewhere, and for the gradient of a gradient, operations on whole tensors do the same.
class FormulaFunction {
 public:
  // `learned` are the parameters to compute gradients of; the others are constants.
  explicit FormulaFunction(const Formula& formula, const std::vector<std::string>& learned = {});

  // Same shape and strides out as in. learned: [1] each, on x's device; constants: the others. Both in the
  // order of formula().parameters. Equal inputs give equal bits, whatever the number of threads.
  torch::Tensor operator()(const torch::Tensor& x, const std::vector<torch::Tensor>& learned = {},
                           const std::vector<double>& constants = {}) const;

  // The same by operations on whole tensors of which autograd records each: what the others are checked
  // against.
  torch::Tensor plain(const torch::Tensor& x, const std::vector<torch::Tensor>& learned = {},
                      const std::vector<double>& constants = {}) const;

  // The derivatives at each x, by x and by each learned parameter: of x's shape.
  std::vector<torch::Tensor> slopes(const torch::Tensor& x, const std::vector<torch::Tensor>& learned = {},
                                    const std::vector<double>& constants = {}) const;

  const Formula& formula() const;
  // Indices into formula().parameters.
  const std::vector<size_t>& learned() const;
  // Values of all parameters, in the formula's order.
  std::vector<double> values(const std::vector<double>& learned, const std::vector<double>& constants) const;

 private:
  std::shared_ptr<const FormulaPrograms> programs_;
};

}  // namespace actlab
