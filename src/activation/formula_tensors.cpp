#include "activation/formula_tensors.h"

#include <ATen/ScalarOps.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace actlab {
namespace {

using torch::Tensor;
using Op = FormulaOp;

// From there on softplus is x to the last digit of a double.
constexpr double kSoftplusIsLinear = 40;

bool is_number(const Tensor& tensor) {
  return tensor.unsafeGetTensorImpl()->is_wrapped_number();
}

// An exponent that is a number has operations of its own, which know 0.5 and -1.
Tensor power(const Tensor& base, const Tensor& exponent) {
  if (is_number(exponent)) return at::pow(base, exponent.item());
  if (is_number(base)) return at::pow(base.item(), exponent);
  return at::pow(base, exponent);
}

// An operation of one argument or of two.
struct Unary {
  FormulaOp op;
  Tensor (*apply)(const Tensor& a);
};
struct Binary {
  FormulaOp op;
  Tensor (*apply)(const Tensor& a, const Tensor& b);
};

const Unary kUnary[] = {
    {Op::kNegate, at::neg},
    {Op::kExp, at::exp},
    {Op::kLog, at::log},
    {Op::kLog1p, at::log1p},
    {Op::kExpm1, at::expm1},
    {Op::kSqrt, at::sqrt},
    {Op::kAbs, at::abs},
    {Op::kSign, at::sign},
    {Op::kSin, at::sin},
    {Op::kCos, at::cos},
    {Op::kTanh, at::tanh},
    {Op::kSigmoid, at::sigmoid},
    {Op::kErf, at::erf},
    {Op::kSoftplus, [](const Tensor& a) { return at::softplus(a, 1, kSoftplusIsLinear); }},
    {Op::kPhi, [](const Tensor& a) { return 0.5 * at::erfc(a * -std::sqrt(0.5)); }},
    {Op::kRelu, at::relu},
    {Op::kSquare, at::square},
};

const Binary kBinary[] = {
    {Op::kAdd, [](const Tensor& a, const Tensor& b) { return at::add(a, b); }},
    {Op::kSubtract, [](const Tensor& a, const Tensor& b) { return at::sub(a, b); }},
    {Op::kMultiply, at::mul},
    {Op::kDivide, at::div},
    {Op::kPower, power},
    {Op::kMin, at::minimum},
    {Op::kMax, at::maximum},
    {Op::kLess, at::lt},
    {Op::kLessEqual, at::le},
    {Op::kGreater, at::gt},
    {Op::kGreaterEqual, at::ge},
    {Op::kEqual, at::eq},
    {Op::kNotEqual, at::ne},
};

template <class Table>
const auto* find(const Table& table, FormulaOp op) {
  const auto row =
      std::find_if(std::begin(table), std::end(table), [&](const auto& r) { return r.op == op; });
  return row == std::end(table) ? nullptr : &*row;
}

bool is_comparison(FormulaOp op) {
  return formula_op(op).level == FormulaLevel::kComparison;
}

}  // namespace

Tensor apply_operation(FormulaOp op, const FormulaOperands& operands, at::ScalarType type) {
  const auto& [a, b, c] = operands;
  if (op == Op::kWhere) {
    // Two numbers alone would come out as float32.
    const bool numbers = is_number(b) && is_number(c);
    return at::where(at::ne(a, 0), numbers ? at::scalar_tensor(b.item(), type) : b, c);
  }
  if (op == Op::kClamp) return at::minimum(at::maximum(a, b), c);
  if (const auto* unary = find(kUnary, op)) return unary->apply(a);
  const Tensor result = find(kBinary, op)->apply(a, b);
  return is_comparison(op) ? result.to(type) : result;
}

std::vector<Tensor> apply_formula(const Formula& formula, const Tensor& x, const std::vector<double>& values,
                                  const std::vector<size_t>& learned_indices,
                                  const std::vector<Tensor>& learned) {
  // What depends neither on x nor on a learned parameter is calculated once, in double.
  const std::vector<double> numbers =
      evaluate_steps(formula, std::numeric_limits<double>::quiet_NaN(), values);
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < formula.steps.size(); ++i) {
    const FormulaStep& step = formula.steps[i];
    const size_t arguments = formula_op(step.op).arguments;
    FormulaOperands operands;
    bool is_tensor = false;
    for (size_t k = 0; k < arguments; ++k) {
      operands[k] = tensors[step.arguments[k]];
      is_tensor = is_tensor || !is_number(operands[k]);
    }
    const auto place = std::find(learned_indices.begin(), learned_indices.end(), step.parameter);
    if (step.op == Op::kX) {
      tensors.push_back(x);
    } else if (step.op == Op::kParameter && place != learned_indices.end()) {
      // [1] would make a tensor of no dimension one of one.
      tensors.push_back(learned[static_cast<size_t>(place - learned_indices.begin())].reshape({}));
    } else if (is_tensor) {
      tensors.push_back(apply_operation(step.op, operands, x.scalar_type()));
    } else {
      tensors.push_back(at::native::wrapped_scalar_tensor(numbers[i]));
    }
  }
  std::vector<Tensor> results;
  for (const size_t result : formula.results) results.push_back(tensors[result]);
  return results;
}

}  // namespace actlab
