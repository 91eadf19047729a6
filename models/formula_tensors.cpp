#include "models/formula_tensors.h"

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

Tensor& power_out(Tensor& out, const Tensor& base, const Tensor& exponent) {
  if (exponent.dim() == 0) return at::pow_out(out, base, exponent.item());
  if (base.dim() == 0) return at::pow_out(out, base.item(), exponent);
  return at::pow_out(out, base, exponent);
}

// An operation of one argument or of two; into: as apply_operation_out.
struct Unary {
  FormulaOp op;
  Tensor (*apply)(const Tensor& a);
  Tensor& (*into)(Tensor& out, const Tensor& a);
};
struct Binary {
  FormulaOp op;
  Tensor (*apply)(const Tensor& a, const Tensor& b);
  Tensor& (*into)(Tensor& out, const Tensor& a, const Tensor& b);
};

const Unary kUnary[] = {
    {Op::kNegate, at::neg, at::neg_out},
    {Op::kExp, at::exp, at::exp_out},
    {Op::kLog, at::log, at::log_out},
    {Op::kLog1p, at::log1p, at::log1p_out},
    {Op::kExpm1, at::expm1, at::expm1_out},
    {Op::kSqrt, at::sqrt, at::sqrt_out},
    {Op::kAbs, at::abs, at::abs_out},
    {Op::kSign, at::sign, at::sign_out},
    {Op::kSin, at::sin, at::sin_out},
    {Op::kCos, at::cos, at::cos_out},
    {Op::kTanh, at::tanh, at::tanh_out},
    {Op::kSigmoid, at::sigmoid, at::sigmoid_out},
    {Op::kErf, at::erf, at::erf_out},
    {Op::kSoftplus, [](const Tensor& a) { return at::softplus(a, 1, kSoftplusIsLinear); },
     [](Tensor& out, const Tensor& a) -> Tensor& { return at::softplus_out(out, a, 1, kSoftplusIsLinear); }},
    // These are lowered to others.
    {Op::kPhi, [](const Tensor& a) { return 0.5 * (1 + at::erf(a * std::sqrt(0.5))); }, nullptr},
    {Op::kRelu, at::relu, nullptr},
    {Op::kSquare, at::square, nullptr},
};

const Binary kBinary[] = {
    {Op::kAdd, [](const Tensor& a, const Tensor& b) { return at::add(a, b); },
     [](Tensor& out, const Tensor& a, const Tensor& b) -> Tensor& { return at::add_out(out, a, b); }},
    {Op::kSubtract, [](const Tensor& a, const Tensor& b) { return at::sub(a, b); },
     [](Tensor& out, const Tensor& a, const Tensor& b) -> Tensor& { return at::sub_out(out, a, b); }},
    {Op::kMultiply, at::mul, at::mul_out},
    {Op::kDivide, at::div, at::div_out},
    {Op::kPower, power, power_out},
    {Op::kMin, at::minimum, at::minimum_out},
    {Op::kMax, at::maximum, at::maximum_out},
    {Op::kLess, at::lt, at::lt_out},
    {Op::kLessEqual, at::le, at::le_out},
    {Op::kGreater, at::gt, at::gt_out},
    {Op::kGreaterEqual, at::ge, at::ge_out},
    {Op::kEqual, at::eq, at::eq_out},
    {Op::kNotEqual, at::ne, at::ne_out},
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
  if (op == Op::kWhere) return at::where(at::ne(a, 0), b, c);
  if (op == Op::kClamp) return at::minimum(at::maximum(a, b), c);
  if (const auto* unary = find(kUnary, op)) return unary->apply(a);
  const Tensor result = find(kBinary, op)->apply(a, b);
  return is_comparison(op) ? result.to(type) : result;
}

void apply_operation_out(Tensor& out, FormulaOp op, const FormulaOperands& operands) {
  const auto& [a, b, c] = operands;
  if (op == Op::kWhere) {
    at::where_out(out, a, b, c);
  } else if (const auto* unary = find(kUnary, op)) {
    unary->into(out, a);
  } else {
    find(kBinary, op)->into(out, a, b);
  }
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
