#include "formula/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "formula/derivative.h"
#include "formula/formula.h"
#include "formula/formula_support.h"
#include "formula/parser.h"

namespace actlab::test {
namespace {

std::string rewritten(const std::string& text) {
  return to_text(parse_formula(text));
}

TEST(FormulaText, HasNoNeedlessParentheses) {
  EXPECT_EQ(rewritten("((x))*(sigmoid((x)))"), "x * sigmoid(x)");
  EXPECT_EQ(rewritten("(x+1)+2"), "x + 1 + 2");
  EXPECT_EQ(rewritten("x+(1+2)"), "x + (1 + 2)");
  EXPECT_EQ(rewritten("x-(1-2)"), "x - (1 - 2)");
  EXPECT_EQ(rewritten("(x*2)+(3/x)"), "x * 2 + 3 / x");
  EXPECT_EQ(rewritten("x/(2*3)"), "x / (2 * 3)");
  EXPECT_EQ(rewritten("(x+1)*2"), "(x + 1) * 2");
  EXPECT_EQ(rewritten("(x^2)^3"), "(x^2)^3");
  EXPECT_EQ(rewritten("x^(2^3)"), "x^2^3");
  EXPECT_EQ(rewritten("(-x)^2"), "(-x)^2");
  EXPECT_EQ(rewritten("-(x^2)"), "-x^2");
  EXPECT_EQ(rewritten("x^(-2)"), "x^-2");
  EXPECT_EQ(rewritten("(-2)^x"), "(-2)^x");
  EXPECT_EQ(rewritten("-2^x"), "-2^x");
  EXPECT_EQ(rewritten("x*(-2)"), "x * -2");
  EXPECT_EQ(rewritten("-(-x)"), "-(-x)");
  EXPECT_EQ(rewritten("(-x)*2"), "-x * 2");
  EXPECT_EQ(rewritten("-(x*2)"), "-(x * 2)");
  EXPECT_EQ(rewritten("(x<1)*(x>=2)"), "(x < 1) * (x >= 2)");
  EXPECT_EQ(rewritten("(x<1)==(x!=2)"), "(x < 1) == (x != 2)");
  EXPECT_EQ(rewritten("where((x<1),x,2)"), "where(x < 1, x, 2)");
}

TEST(FormulaText, WritesNumbersShortAndExact) {
  EXPECT_EQ(rewritten("x+0.10"), "x + 0.1");
  EXPECT_EQ(rewritten("x+1e-7"), "x + 1e-07");
  EXPECT_EQ(rewritten("x+0.30000000000000004"), "x + 0.30000000000000004");
  EXPECT_EQ(rewritten("x*-0"), "x * -0");
}

TEST(FormulaText, NamesParameters) {
  EXPECT_EQ(to_text(parse_formula("beta*x", {"beta"})), "beta * x");
}

TEST(FormulaText, ReadsBackAsTheSameFormula) {
  for (const auto& example : formula_examples()) {
    const Formula formula = parse_formula(example.text, example.parameters);
    EXPECT_EQ(parse_formula(to_text(formula), example.parameters), formula) << example.name;
  }
}

TEST(FormulaText, RandomFormulasReadBackAsTheSame) {
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) {
    const std::string text = "x * a * b + " + random_formula(random, 1 + i % 5);
    if (text.size() > kMaxFormulaLength / 2) continue;
    const Formula formula = parse_formula(text, {"a", "b"});
    EXPECT_EQ(parse_formula(to_text(formula), {"a", "b"}), formula) << text;
  }
}

// The derivative of each max() says that of its argument twice.
TEST(FormulaText, IsCutOffWhereItWouldGrowWithoutBound) {
  std::string text = "x";
  for (int i = 0; i < 100; ++i) text = "max(" + text + ",1)";
  const std::string derivative_text = to_text(derivative(parse_formula(text), "x"));
  EXPECT_LE(derivative_text.size(), kMaxTextLength + 4);
  EXPECT_THAT(derivative_text, testing::EndsWith(" ..."));
}

}  // namespace
}  // namespace actlab::test
