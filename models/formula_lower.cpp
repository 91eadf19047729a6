#include "models/formula_lower.h"

#include <cmath>

#include "models/formula_steps.h"

namespace actlab {
namespace {

using Op = FormulaOp;

constexpr double kLargestProduct = 8;  // a^8 is three multiplications

bool is_comparison(FormulaOp op) {
  return formula_op(op).level == FormulaLevel::kComparison;
}

class Lowering {
 public:
  explicit Lowering(const Formula& formula) : formula_(formula) {}

  Formula run() {
    for (const auto& step : formula_.steps) place_.push_back(lower(step));
    std::vector<size_t> results;
    for (const size_t result : formula_.results) results.push_back(place_[result]);
    return steps_.formula(results, formula_.parameters);
  }

 private:
  size_t lower(FormulaStep step) {
    for (size_t i = 0; i < formula_op(step.op).arguments; ++i) {
      step.arguments[i] = place_[step.arguments[i]];
    }
    const auto [a, b, c] = step.arguments;
    switch (step.op) {
      case Op::kSquare:
        return steps_.add(Op::kMultiply, a, a);
      case Op::kPower:
        return power(a, b);
      case Op::kRelu:
        return steps_.add(Op::kMax, a, steps_.number(0));
      case Op::kClamp:
        return steps_.add(Op::kMin, steps_.add(Op::kMax, a, b), c);
      case Op::kPhi:
        return phi(a);
      case Op::kWhere:
        return steps_.add(Op::kWhere, condition(a), b, c);
      default:
        return steps_.add(step);
    }
  }

  size_t power(size_t base, size_t exponent) {
    const double n = steps_[exponent].number;
    const bool product = steps_.is_number(exponent) && n >= 2 && n <= kLargestProduct && n == std::floor(n);
    return product ? product_of(base, static_cast<int>(n)) : steps_.add(Op::kPower, base, exponent);
  }

  size_t product_of(size_t base, int n) {
    if (n == 1) return base;
    const size_t half = product_of(base, n / 2);
    const size_t even = steps_.add(Op::kMultiply, half, half);
    return n % 2 == 0 ? even : steps_.add(Op::kMultiply, even, base);
  }

  size_t phi(size_t a) {
    const size_t erf = steps_.add(Op::kErf, steps_.add(Op::kMultiply, a, steps_.number(std::sqrt(0.5))));
    return steps_.add(Op::kMultiply, steps_.number(0.5), steps_.add(Op::kAdd, steps_.number(1), erf));
  }

  size_t condition(size_t a) {
    return is_comparison(steps_[a].op) ? a : steps_.add(Op::kNotEqual, a, steps_.number(0));
  }

  const Formula& formula_;
  FormulaSteps steps_;
  std::vector<size_t> place_;  // of each of the formula's steps among the new ones
};

}  // namespace

Formula lower(const Formula& formula) {
  return Lowering(formula).run();
}

}  // namespace actlab
