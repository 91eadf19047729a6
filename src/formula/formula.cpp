#include "formula/formula.h"

#include <cmath>
#include <numbers>

#include "core/nan.h"

namespace actlab {
namespace {

using Level = FormulaLevel;
using Op = FormulaOp;

// As PyTorch's: NaN when one is.
double smaller(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? kNaN : std::fmin(a, b);
}
double larger(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? kNaN : std::fmax(a, b);
}

// exp of what is not positive never overflows.
double sigmoid(double a) {
  const double small = std::exp(-std::abs(a));
  return (a < 0 ? small : 1) / (1 + small);
}
double softplus(double a) {
  return larger(a, 0) + std::log1p(std::exp(-std::abs(a)));
}

using A = double;

// clang-format off: a table
const std::vector<FormulaOpInfo> kOps = {
    {Op::kNumber, "", 0, Level::kAtom, false, nullptr},
    {Op::kPi, "pi", 0, Level::kAtom, false, nullptr},
    {Op::kE, "e", 0, Level::kAtom, false, nullptr},
    {Op::kX, "x", 0, Level::kAtom, false, nullptr},
    {Op::kParameter, "", 0, Level::kAtom, false, nullptr},
    {Op::kLess, "<", 2, Level::kComparison, false, [](A a, A b, A) -> A { return a < b; }},
    {Op::kLessEqual, "<=", 2, Level::kComparison, false, [](A a, A b, A) -> A { return a <= b; }},
    {Op::kGreater, ">", 2, Level::kComparison, false, [](A a, A b, A) -> A { return a > b; }},
    {Op::kGreaterEqual, ">=", 2, Level::kComparison, false, [](A a, A b, A) -> A { return a >= b; }},
    {Op::kEqual, "==", 2, Level::kComparison, false, [](A a, A b, A) -> A { return a == b; }},
    {Op::kNotEqual, "!=", 2, Level::kComparison, false, [](A a, A b, A) -> A { return a != b; }},
    {Op::kAdd, "+", 2, Level::kSum, false, [](A a, A b, A) { return a + b; }},
    {Op::kSubtract, "-", 2, Level::kSum, false, [](A a, A b, A) { return a - b; }},
    {Op::kMultiply, "*", 2, Level::kProduct, false, [](A a, A b, A) { return a * b; }},
    {Op::kDivide, "/", 2, Level::kProduct, false, [](A a, A b, A) { return a / b; }},
    {Op::kNegate, "-", 1, Level::kSign, false, [](A a, A, A) { return -a; }},
    {Op::kPower, "^", 2, Level::kPower, false, [](A a, A b, A) { return std::pow(a, b); }},
    {Op::kExp, "exp", 1, Level::kAtom, true, [](A a, A, A) { return std::exp(a); }},
    {Op::kLog, "log", 1, Level::kAtom, true, [](A a, A, A) { return std::log(a); }},
    {Op::kLog1p, "log1p", 1, Level::kAtom, true, [](A a, A, A) { return std::log1p(a); }},
    {Op::kExpm1, "expm1", 1, Level::kAtom, true, [](A a, A, A) { return std::expm1(a); }},
    {Op::kSqrt, "sqrt", 1, Level::kAtom, true, [](A a, A, A) { return std::sqrt(a); }},
    {Op::kAbs, "abs", 1, Level::kAtom, true, [](A a, A, A) { return std::abs(a); }},
    {Op::kSign, "sign", 1, Level::kAtom, true, [](A a, A, A) -> A { return (a > 0) - (a < 0); }},
    {Op::kSin, "sin", 1, Level::kAtom, true, [](A a, A, A) { return std::sin(a); }},
    {Op::kCos, "cos", 1, Level::kAtom, true, [](A a, A, A) { return std::cos(a); }},
    {Op::kTanh, "tanh", 1, Level::kAtom, true, [](A a, A, A) { return std::tanh(a); }},
    {Op::kSigmoid, "sigmoid", 1, Level::kAtom, true, [](A a, A, A) { return sigmoid(a); }},
    {Op::kErf, "erf", 1, Level::kAtom, true, [](A a, A, A) { return std::erf(a); }},
    {Op::kPhi, "Phi", 1, Level::kAtom, true, [](A a, A, A) { return std::erfc(-a / std::numbers::sqrt2) / 2; }},
    {Op::kRelu, "relu", 1, Level::kAtom, true, [](A a, A, A) { return larger(a, 0); }},
    {Op::kSoftplus, "softplus", 1, Level::kAtom, true, [](A a, A, A) { return softplus(a); }},
    {Op::kSquare, "square", 1, Level::kAtom, true, [](A a, A, A) { return a * a; }},
    {Op::kMin, "min", 2, Level::kAtom, true, [](A a, A b, A) { return smaller(a, b); }},
    {Op::kMax, "max", 2, Level::kAtom, true, [](A a, A b, A) { return larger(a, b); }},
    {Op::kClamp, "clamp", 3, Level::kAtom, true, [](A a, A low, A high) { return smaller(larger(a, low), high); }},
    {Op::kWhere, "where", 3, Level::kAtom, true, [](A condition, A a, A b) { return condition != 0 ? a : b; }},
};
// clang-format on

double evaluate_step(const FormulaStep& step, double x, const std::vector<double>& parameters,
                     const std::vector<double>& values) {
  switch (step.op) {
    case Op::kNumber:
      return step.number;
    case Op::kPi:
      return std::numbers::pi;
    case Op::kE:
      return std::numbers::e;
    case Op::kX:
      return x;
    case Op::kParameter:
      return parameters.at(step.parameter);
    default:
      break;
  }
  const FormulaOpInfo& info = formula_op(step.op);
  const auto argument = [&](size_t i) { return i < info.arguments ? values[step.arguments[i]] : 0; };
  return info.evaluate(argument(0), argument(1), argument(2));
}

}  // namespace

const std::vector<FormulaOpInfo>& formula_ops() {
  return kOps;
}

const FormulaOpInfo& formula_op(FormulaOp op) {
  return kOps[static_cast<size_t>(op)];
}

std::vector<double> evaluate_steps(const Formula& formula, double x, const std::vector<double>& parameters) {
  std::vector<double> values;
  values.reserve(formula.steps.size());
  for (const auto& step : formula.steps) values.push_back(evaluate_step(step, x, parameters, values));
  return values;
}

double evaluate(const Formula& formula, double x, const std::vector<double>& parameters) {
  return evaluate_steps(formula, x, parameters)[formula.results[0]];
}

std::vector<bool> steps_with_x(const Formula& formula) {
  std::vector<bool> with_x;
  for (const auto& step : formula.steps) {
    bool depends = step.op == Op::kX;
    for (size_t i = 0; i < formula_op(step.op).arguments; ++i) {
      depends = depends || with_x[step.arguments[i]];
    }
    with_x.push_back(depends);
  }
  return with_x;
}

}  // namespace actlab
