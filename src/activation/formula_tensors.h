#pragma once

#include <torch/types.h>

#include <array>
#include <vector>

#include "formula/formula.h"

namespace actlab {

// What an operation of a formula takes; unused ones are undefined. Scalars are tensors of no dimension.
using FormulaOperands = std::array<torch::Tensor, 3>;

// One operation on tensors, as autograd records it; comparisons make 0 and 1 of the type of x. For any device
// and type; numbers are wrapped numbers, so that they do not decide the type.
torch::Tensor apply_operation(FormulaOp op, const FormulaOperands& operands, at::ScalarType type);

// The results of a formula on whole tensors. x: any shape; learned: [1] each. `values` of all parameters, in
// the formula's order; `learned` are those at the indices `learned_indices`, by which they replace the value.
// A result that does not depend on x has no dimension or one.
std::vector<torch::Tensor> apply_formula(const Formula& formula, const torch::Tensor& x,
                                         const std::vector<double>& values,
                                         const std::vector<size_t>& learned_indices,
                                         const std::vector<torch::Tensor>& learned);

}  // namespace actlab
