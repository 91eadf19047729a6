#include "activation/formula_check.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "activation/tensor_values.h"
#include "core/number_text.h"
#include "formula/derivative.h"
#include "formula/text.h"

namespace actlab {
namespace {

using torch::Tensor;
using Op = FormulaOp;

constexpr int kLimit = 6;
constexpr int kPoints = 121;
constexpr double kOffset = 0.00271;  // kinks are at round numbers
constexpr double kTolerance = 1e-5;
constexpr double kRounding = 1e-14;  // of f(x + h) - f(x - h), beside the size of f

// Where derivatives are checked: evenly spread, off the round numbers where kinks are.
std::vector<double> places() {
  std::vector<double> all;
  for (int i = 0; i < kPoints; ++i) all.push_back(-kLimit + 2.0 * kLimit * i / (kPoints - 1) + kOffset);
  return all;
}

// Where values and derivatives must be finite: there, and at all tenths.
std::vector<double> finite_places() {
  std::vector<double> all = {0};  // first: what is wrong there is what people mean
  const std::vector<double> others = places();
  all.insert(all.end(), others.begin(), others.end());
  for (int i = -10 * kLimit; i <= 10 * kLimit; ++i) all.push_back(i / 10.0);
  return all;
}

// The value and the gradients of a formula at many x, as training would compute them.
struct Measured {
  std::vector<double> value;
  std::vector<std::vector<double>> gradient;  // by x, then by each learned parameter
};

class Checker {
 public:
  Checker(const FormulaFunction& function, const std::vector<double>& learned,
          const std::vector<double>& constants)
      : function_(function),
        learned_(learned),
        constants_(constants),
        values_(function.values(learned, constants)) {}

  void run() const {
    const std::vector<double> all = finite_places();
    const Measured everywhere = measure(all);
    for (size_t i = 0; i < all.size(); ++i) check_finite(all[i], everywhere, i);
    check_floats(all);
    const std::vector<double> xs = places();
    const Measured measured = measure(xs);
    for (size_t variable = 0; variable <= learned_.size(); ++variable) {
      for (size_t i = 0; i < xs.size(); ++i) {
        if (!agrees(xs[i], measured.value[i], measured.gradient[variable][i], variable)) {
          check_around(xs[i], variable);
        }
      }
    }
  }

 private:
  // What fits into a double need not fit into a float, in which networks compute.
  void check_floats(const std::vector<double>& xs) const {
    const Tensor x = torch::tensor(xs, torch::kFloat32).requires_grad_();
    std::vector<Tensor> learned;
    for (const double value : learned_) learned.push_back(torch::full({1}, value));
    const Tensor y = function_(x, learned, constants_);
    y.sum().backward();
    const Tensor bad = (y.isfinite() & x.grad().isfinite()).logical_not().nonzero();
    if (bad.numel() == 0) return;
    throw Error(ExitStatus::kUsage, "formula " + to_text(function_.formula()) +
                                        ": beyond what a 32-bit float holds" +
                                        at(xs[static_cast<size_t>(bad[0].item<int64_t>())]) +
                                        "; an activation has to be finite there, and so has its derivative");
  }

  Measured measure(const std::vector<double>& xs) const {
    const Tensor x = torch::tensor(xs, torch::kFloat64).requires_grad_();
    std::vector<Tensor> learned;
    for (const double value : learned_) learned.push_back(torch::full({1}, value, torch::kFloat64));
    const Tensor y = function_(x, learned, constants_);
    y.sum().backward();
    Measured measured{values_of(y), {values_of(x.grad())}};
    const std::vector<Tensor> slopes = function_.slopes(x.detach(), learned, constants_);
    for (size_t k = 1; k < slopes.size(); ++k) measured.gradient.push_back(values_of(slopes[k]));
    return measured;
  }

  std::string name_of(size_t variable) const {
    return variable == 0 ? "x" : function_.formula().parameters[function_.learned()[variable - 1]];
  }

  void check_finite(double x, const Measured& measured, size_t i) const {
    if (!std::isfinite(measured.value[i])) fail_not_finite(function_.formula(), "", x);
    for (size_t variable = 0; variable <= learned_.size(); ++variable) {
      if (std::isfinite(measured.gradient[variable][i])) continue;
      const std::string name = name_of(variable);
      fail_not_finite(derivative(function_.formula(), name), "its derivative by " + name + ": ", x);
    }
  }

  [[noreturn]] void fail_not_finite(const Formula& formula, const std::string& whose, double x) const {
    const std::vector<double> values = evaluate_steps(formula, x, values_);
    const size_t step = culprit(formula, values);
    throw Error(ExitStatus::kUsage, "formula " + to_text(function_.formula()) + ": " + whose +
                                        to_text(formula, step) +
                                        (std::isnan(values[step]) ? " is nan" : " is inf") + at(x) +
                                        "; an activation has to be finite, and so has its " +
                                        "derivative; where(condition, a, b) can keep such an x away from it");
  }

  // The innermost step that is not finite and that the result is made of.
  static size_t culprit(const Formula& formula, const std::vector<double>& values) {
    size_t current = formula.results[0];
    for (bool deeper = true; deeper;) {
      deeper = false;
      const FormulaStep& step = formula.steps[current];
      for (size_t k = 0; k < formula_op(step.op).arguments && !deeper; ++k) {
        const size_t argument = step.arguments[k];
        const bool chosen = step.op != Op::kWhere || k == (values[step.arguments[0]] != 0 ? 1 : 2);
        if (!chosen || std::isfinite(values[argument])) continue;
        current = argument;
        deeper = true;
      }
    }
    return current;
  }

  // Whether the slope is a difference quotient for a step of some size: large ones average over what small
  // ones resolve, small ones lose digits.
  bool agrees(double x, double value, double slope, size_t variable) const {
    const double own = evaluate(function_.formula(), x, values_);
    if (std::abs(own - value) > kTolerance * (1 + std::abs(own))) return false;
    for (double h = 1e-2; h > 1e-9; h /= 10) {
      const double difference = (moved(x, h, variable) - moved(x, -h, variable)) / (2 * h);
      const double allowed = kTolerance * (1 + std::abs(slope)) + kRounding * (1 + std::abs(own)) / h;
      if (std::abs(difference - slope) <= allowed) return true;
    }
    return false;
  }

  double moved(double x, double h, size_t variable) const {
    if (variable == 0) return evaluate(function_.formula(), x + h, values_);
    std::vector<double> values = values_;
    values[function_.learned()[variable - 1]] += h;
    return evaluate(function_.formula(), x, values);
  }

  // A kink or a jump spoils one place; a wrong gradient spoils those beside it as well.
  void check_around(double x, size_t variable) const {
    const std::vector<double> xs = {x, x + 0.0103, x - 0.0071, x + 0.0311, x - 0.0237};
    const Measured measured = measure(xs);
    for (size_t i = 1; i < xs.size(); ++i) {
      if (agrees(xs[i], measured.value[i], measured.gradient[variable][i], variable)) return;
    }
    throw Error(ExitStatus::kUsage,
                "formula " + to_text(function_.formula()) + ": its derivative by " + name_of(variable) +
                    " is " + number_text(measured.gradient[variable][0]) + at(x) +
                    ", which differences of its values do not confirm; write it in simpler terms");
  }

  std::string at(double x) const {
    std::string text = " at x = " + number_text(std::round(x * 1e4) / 1e4);
    for (size_t i = 0; i < values_.size(); ++i) {
      text += ", " + function_.formula().parameters[i] + " = " + number_text(values_[i]);
    }
    return text;
  }

  const FormulaFunction& function_;
  const std::vector<double>& learned_;
  const std::vector<double>& constants_;
  std::vector<double> values_;  // of all parameters
};

}  // namespace

void check_gradient(const FormulaFunction& function, const std::vector<double>& learned,
                    const std::vector<double>& constants) {
  Checker(function, learned, constants).run();
}

}  // namespace actlab
