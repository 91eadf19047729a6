#include "models/formula_lower.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "formula_support.h"

namespace actlab::test {
namespace {

TEST(FormulaLower, KeepsTheValue) {
  for (const auto& example : formula_examples()) {
    const Formula formula = parse_formula(example.text, example.parameters);
    const Formula lowered = lower(formula);
    for (double x = -5.03; x < 5; x += 0.37) {
      const double expected = evaluate(formula, x, example.values);
      EXPECT_NEAR(evaluate(lowered, x, example.values), expected, 1e-13 * (1 + std::abs(expected)))
          << example.name << " at " << x;
    }
  }
}

TEST(FormulaLower, LeavesOutWhatThereAreFasterStepsFor) {
  const Formula lowered = lower(
      parse_formula("square(x) + relu(x) + clamp(x, -1, 1) + Phi(x) + x^5 + x^1.5 + where(x, 1, x > 2)"));
  std::set<FormulaOp> ops;
  for (const auto& step : lowered.steps) {
    ops.insert(step.op);
    if (step.op == FormulaOp::kWhere) {
      EXPECT_EQ(formula_op(lowered.steps[step.arguments[0]].op).level, FormulaLevel::kComparison);
    }
  }
  for (const auto op : {FormulaOp::kSquare, FormulaOp::kRelu, FormulaOp::kClamp, FormulaOp::kPhi}) {
    EXPECT_FALSE(ops.contains(op)) << formula_op(op).text;
  }
  EXPECT_EQ(to_text(lower(parse_formula("x^5"))), "x * x * (x * x) * x");
  EXPECT_EQ(to_text(lower(parse_formula("x^9 + x^-2"))), "x^9 + x^-2");
}

}  // namespace
}  // namespace actlab::test
