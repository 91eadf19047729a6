#include "formula/derivative.h"

#include <algorithm>
#include <string>

#include "formula/simplify.h"

namespace actlab {
namespace {

using Op = FormulaOp;

// Steps of the derivatives of one formula. For a step y of a, b and c it combines the derivatives da, db, dc.
class Differentiator {
 public:
  explicit Differentiator(const Formula& formula) : formula_(formula) {
    for (const auto& step : formula.steps) {
      const auto [a, b, c] = step.arguments;
      const size_t arguments = formula_op(step.op).arguments;
      const auto simple = [&](size_t i, size_t argument) { return i < arguments ? simple_[argument] : 0; };
      simple_.push_back(arguments == 0 ? s_.steps().add(step)
                                       : s_.make(step.op, simple(0, a), simple(1, b), simple(2, c)));
    }
  }

  size_t value() const { return simple_[formula_.results[0]]; }

  size_t derivative_by(const std::string& name) {
    std::vector<size_t> d;
    const size_t zero = s_.number(0);
    for (size_t i = 0; i < formula_.steps.size(); ++i) {
      const FormulaStep& step = formula_.steps[i];
      const size_t arguments = formula_op(step.op).arguments;
      const bool is_variable = step.op == Op::kX
                                   ? name == "x"
                                   : step.op == Op::kParameter && formula_.parameters[step.parameter] == name;
      Rule rule{simple_[i], {}, {zero, zero, zero}};
      bool constant = true;
      for (size_t k = 0; k < arguments; ++k) {
        rule.of[k] = simple_[step.arguments[k]];
        rule.d[k] = d[step.arguments[k]];
        constant = constant && rule.d[k] == zero;
      }
      d.push_back(is_variable ? s_.number(1) : constant ? zero : apply(step.op, rule));
    }
    return d[formula_.results[0]];
  }

  Formula take(const std::vector<size_t>& results) const {
    return s_.steps().formula(results, formula_.parameters);
  }

 private:
  struct Rule {
    size_t y;                  // the step's own value
    std::array<size_t, 3> of;  // its arguments
    std::array<size_t, 3> d;   // their derivatives
  };

  size_t apply(FormulaOp op, const Rule& r) {
    const auto [a, b, c] = r.of;
    const auto [da, db, dc] = r.d;
    switch (op) {
      case Op::kAdd:
        return s_.add(da, db);
      case Op::kSubtract:
        return s_.subtract(da, db);
      case Op::kMultiply:
        return s_.add(s_.multiply(da, b), s_.multiply(a, db));
      case Op::kDivide:
        return s_.divide(s_.subtract(da, s_.multiply(r.y, db)), b);
      case Op::kNegate:
        return s_.negate(da);
      case Op::kPower:
        return s_.add(by_base(r), by_exponent(r));
      case Op::kRelu:
        return s_.where(s_.make(Op::kGreater, a, s_.number(0)), da, s_.number(0));
      case Op::kMin:
        return extremum(Op::kLess, r);
      case Op::kMax:
        return extremum(Op::kGreater, r);
      case Op::kClamp:
        return clamp(r);
      case Op::kWhere:
        return s_.where(a, db, dc);
      default:
        return s_.multiply(slope(op, r), da);
    }
  }

  // dy/da of a function of one argument.
  size_t slope(FormulaOp op, const Rule& r) {
    const size_t a = r.of[0];
    const size_t y = r.y;
    const size_t one = s_.number(1);
    switch (op) {
      case Op::kExp:
        return y;
      case Op::kLog:
        return s_.divide(one, a);
      case Op::kLog1p:
        return s_.divide(one, s_.add(one, a));
      case Op::kExpm1:
        return s_.make(Op::kExp, a);
      case Op::kSqrt:
        return s_.divide(s_.number(0.5), y);
      case Op::kAbs:
        return s_.make(Op::kSign, a);
      case Op::kSin:
        return s_.make(Op::kCos, a);
      case Op::kCos:
        return s_.negate(s_.make(Op::kSin, a));
      case Op::kTanh:
        return s_.subtract(one, square(y));
      case Op::kSigmoid:
        return s_.multiply(y, s_.subtract(one, y));
      case Op::kErf:
        return s_.multiply(s_.divide(s_.number(2), s_.make(Op::kSqrt, s_.steps().add(Op::kPi))),
                           s_.make(Op::kExp, s_.negate(square(a))));
      case Op::kPhi:
        return s_.divide(s_.make(Op::kExp, s_.negate(s_.divide(square(a), s_.number(2)))),
                         s_.make(Op::kSqrt, s_.multiply(s_.number(2), s_.steps().add(Op::kPi))));
      case Op::kSoftplus:
        return s_.make(Op::kSigmoid, a);
      case Op::kSquare:
        return s_.multiply(s_.number(2), a);
      default:
        return s_.number(0);  // sign and comparisons
    }
  }

  // d(a^b) with b held: b * a^(b - 1), without a logarithm.
  size_t by_base(const Rule& r) {
    const auto [a, b, c] = r.of;
    return s_.multiply(s_.multiply(b, s_.power(a, s_.subtract(b, s_.number(1)))), r.d[0]);
  }

  // d(a^b) with a held: a^b * log(a), which is 0 at a = 0 as in PyTorch.
  size_t by_exponent(const Rule& r) {
    const auto [a, b, c] = r.of;
    const size_t zero = s_.number(0);
    if (r.d[1] == zero) return zero;
    const size_t slope = s_.multiply(s_.multiply(r.y, s_.make(Op::kLog, a)), r.d[1]);
    const FormulaStep& base = s_.steps()[a];
    const bool never_zero = base.op == Op::kE || base.op == Op::kPi || base.op == Op::kNumber;
    return never_zero ? slope : s_.where(s_.make(Op::kEqual, a, zero), zero, slope);
  }

  size_t extremum(FormulaOp a_wins, const Rule& r) {
    const auto [a, b, c] = r.of;
    const auto [da, db, dc] = r.d;
    const size_t mean = s_.multiply(s_.number(0.5), s_.add(da, db));
    const size_t otherwise = s_.where(s_.make(Op::kEqual, a, b), mean, db);
    return s_.where(s_.make(a_wins, a, b), da, otherwise);
  }

  // The bounds may cross where they are no numbers; the upper one then wins.
  size_t clamp(const Rule& r) {
    const auto [a, low, high] = r.of;
    const auto [da, dlow, dhigh] = r.d;
    const bool numbers = s_.steps().is_number(low) && s_.steps().is_number(high);
    const size_t raised = numbers ? a : s_.make(Op::kMax, a, low);
    const size_t inside = s_.where(s_.make(Op::kLess, a, low), dlow, da);
    return s_.where(s_.make(Op::kGreater, raised, high), dhigh, inside);
  }

  size_t square(size_t a) { return s_.power(a, s_.number(2)); }

  const Formula& formula_;
  FormulaSimplifier s_;
  std::vector<size_t> simple_;  // the formula's steps, simplified
};

void check_name(const Formula& formula, const std::string& name) {
  const auto& names = formula.parameters;
  if (name == "x" || std::find(names.begin(), names.end(), name) != names.end()) return;
  throw Error(ExitStatus::kFailed, "the formula has no parameter '" + name + "'");
}

}  // namespace

Formula derivative(const Formula& formula, const std::string& name) {
  check_name(formula, name);
  Differentiator differentiator(formula);
  return differentiator.take({differentiator.derivative_by(name)});
}

Formula with_derivatives(const Formula& formula, const std::vector<std::string>& names) {
  Differentiator differentiator(formula);
  std::vector<size_t> results = {differentiator.value()};
  for (const auto& name : names) {
    check_name(formula, name);
    results.push_back(differentiator.derivative_by(name));
  }
  return differentiator.take(results);
}

}  // namespace actlab
