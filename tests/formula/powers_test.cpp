#include "formula/powers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "formula/formula_support.h"
#include "formula/parser.h"
#include "formula/text.h"

namespace actlab::test {
namespace {

TEST(FormulaPowers, KeepTheValue) {
  for (const auto& example : formula_examples()) {
    const Formula formula = parse_formula(example.text, example.parameters);
    const Formula products = powers_as_products(formula);
    for (double x = -5.03; x < 5; x += 0.37) {
      const double expected = evaluate(formula, x, example.values);
      EXPECT_NEAR(evaluate(products, x, example.values), expected, 1e-13 * (1 + std::abs(expected)))
          << example.name << " at " << x;
    }
  }
}

TEST(FormulaPowers, SmallWholeOnesAreProducts) {
  EXPECT_EQ(to_text(powers_as_products(parse_formula("x^5"))), "x * x * (x * x) * x");
  EXPECT_EQ(to_text(powers_as_products(parse_formula("x^9 + x^-2 + x^1.5"))), "x^9 + x^-2 + x^1.5");
}

}  // namespace
}  // namespace actlab::test
