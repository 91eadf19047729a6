#include "formula/powers.h"

#include <cmath>

#include "formula/steps.h"

namespace actlab {
namespace {

constexpr double kLargestProduct = 8;  // a^8 is three multiplications

size_t product_of(FormulaSteps& steps, size_t base, int n) {
  if (n == 1) return base;
  const size_t half = product_of(steps, base, n / 2);
  const size_t even = steps.add(FormulaOp::kMultiply, half, half);
  return n % 2 == 0 ? even : steps.add(FormulaOp::kMultiply, even, base);
}

}  // namespace

Formula powers_as_products(const Formula& formula) {
  FormulaSteps steps;
  std::vector<size_t> place;  // of each of the formula's steps among the new ones
  for (FormulaStep step : formula.steps) {
    for (size_t i = 0; i < formula_op(step.op).arguments; ++i) step.arguments[i] = place[step.arguments[i]];
    const size_t exponent = step.arguments[1];
    if (step.op == FormulaOp::kPower && steps.is_number(exponent)) {
      const double n = steps[exponent].number;
      if (n >= 2 && n <= kLargestProduct && n == std::floor(n)) {
        place.push_back(product_of(steps, step.arguments[0], static_cast<int>(n)));
        continue;
      }
    }
    place.push_back(steps.add(step));
  }
  std::vector<size_t> results;
  for (const size_t result : formula.results) results.push_back(place[result]);
  return steps.formula(results, formula.parameters);
}

}  // namespace actlab
