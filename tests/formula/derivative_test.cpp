#include "formula/derivative.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "formula/formula.h"
#include "formula/formula_support.h"
#include "formula/parser.h"
#include "formula/text.h"

namespace actlab::test {
namespace {

std::string derivative_of(const std::string& text, const std::string& name = "x",
                          const std::vector<std::string>& parameters = {}) {
  return to_text(derivative(parse_formula(text, parameters), name));
}

double slope_at(const std::string& text, double x) {
  return evaluate(derivative(parse_formula(text), "x"), x);
}

// Five-point difference of f(x + h); its error is about 1e-11.
template <class Function>
double difference(Function f) {
  const double h = 1e-3;
  return (f(-2 * h) - 8 * f(-h) + 8 * f(h) - f(2 * h)) / (12 * h);
}

TEST(FormulaDerivative, AgreesWithDifferences) {
  for (const auto& example : formula_examples()) {
    const Formula formula = parse_formula(example.text, example.parameters);
    const Formula by_x = derivative(formula, "x");
    for (double x = -5.017; x < 5; x += 0.0873) {
      const double slope = difference([&](double h) { return evaluate(formula, x + h, example.values); });
      EXPECT_NEAR(evaluate(by_x, x, example.values), slope, 1e-8 * (1 + std::abs(slope)))
          << example.name << " at " << x << ": " << to_text(by_x);
    }
  }
}

TEST(FormulaDerivative, AgreesWithDifferencesInEachParameter) {
  for (const auto& example : formula_examples()) {
    const Formula formula = parse_formula(example.text, example.parameters);
    for (size_t i = 0; i < example.parameters.size(); ++i) {
      const Formula by_parameter = derivative(formula, example.parameters[i]);
      for (double x = -5.017; x < 5; x += 0.0873) {
        const double slope = difference([&](double h) {
          std::vector<double> moved = example.values;
          moved[i] += h;
          return evaluate(formula, x, moved);
        });
        EXPECT_NEAR(evaluate(by_parameter, x, example.values), slope, 1e-8 * (1 + std::abs(slope)))
            << example.name << " by " << example.parameters[i] << " at " << x;
      }
    }
  }
}

TEST(FormulaDerivative, ReadsWell) {
  EXPECT_EQ(derivative_of("x"), "1");
  EXPECT_EQ(derivative_of("x * sigmoid(x)"), "sigmoid(x) + x * sigmoid(x) * (1 - sigmoid(x))");
  EXPECT_EQ(derivative_of("tanh(x)"), "1 - tanh(x)^2");
  EXPECT_EQ(derivative_of("x - tanh(x)"), "tanh(x)^2");
  EXPECT_EQ(derivative_of("softplus(x)"), "sigmoid(x)");
  EXPECT_EQ(derivative_of("relu(x)"), "where(x > 0, 1, 0)");
  EXPECT_EQ(derivative_of("abs(x)"), "sign(x)");
  EXPECT_EQ(derivative_of("x^3"), "3 * x^2");
  EXPECT_EQ(derivative_of("x * x * x"), "3 * x^2");
  EXPECT_EQ(derivative_of("x^-1"), "-x^-2");
  EXPECT_EQ(derivative_of("x + 2 * x"), "3");
  EXPECT_EQ(derivative_of("-x^2"), "-2 * x");
  EXPECT_EQ(derivative_of("e^x"), "e^x");
  EXPECT_EQ(derivative_of("where(x > 0, x, 0.1 * x)"), "where(x > 0, 1, 0.1)");
  EXPECT_EQ(derivative_of("b * x", "b", {"b"}), "x");
  EXPECT_EQ(derivative_of("x + sign(x) + (x > 1)"), "1");
}

TEST(FormulaDerivative, IsPyTorchsAtKinks) {
  EXPECT_EQ(slope_at("relu(x)", 0), 0);
  EXPECT_EQ(slope_at("abs(x)", 0), 0);
  EXPECT_EQ(slope_at("sign(x)", 0), 0);
  EXPECT_EQ(slope_at("max(x, 0)", 0), 0.5);
  EXPECT_EQ(slope_at("min(3 * x, x)", 0), 2);
  EXPECT_EQ(slope_at("clamp(x, -1, 1)", 1), 1);
  EXPECT_EQ(slope_at("clamp(x, -1, 1)", -1), 1);
  EXPECT_EQ(slope_at("where(x > 0, x, 2 * x)", 0), 2);
}

TEST(FormulaDerivative, LeavesOutWhatWhereDoesNotChoose) {
  EXPECT_EQ(slope_at("where(x > 0, log(x), 0)", -1), 0);
  EXPECT_EQ(slope_at("3 * where(x > 0, sqrt(x), x)", -1), 3);
  EXPECT_EQ(slope_at("where(x > 0, x, exp(x) - 1)", 1000), 1);
  EXPECT_EQ(slope_at("sqrt(relu(x))", -1), 0);
  EXPECT_EQ(slope_at("where(x != 0, sin(x) / x, 1)", 0), 0);
}

TEST(FormulaDerivative, TakesTheUpperBoundWhereBoundsCross) {
  const Formula formula = parse_formula("clamp(x, low, high)", {"low", "high"});
  const std::vector<double> crossed = {2, 1};
  EXPECT_EQ(evaluate(formula, 0, crossed), 1);
  EXPECT_EQ(evaluate(derivative(formula, "high"), 0, crossed), 1);
  EXPECT_EQ(evaluate(derivative(formula, "low"), 0, crossed), 0);
}

TEST(FormulaDerivative, OfThePowerByItsExponentIsZeroAtZero) {
  EXPECT_EQ(evaluate(derivative(parse_formula("abs(x)^p", {"p"}), "p"), 0, {2}), 0);
}

TEST(FormulaDerivative, SharesSteps) {
  const Formula all = with_derivatives(parse_formula("x * sigmoid(b * x)", {"b"}), {"x", "b"});
  ASSERT_EQ(all.results.size(), 3u);
  const auto sigmoids = std::count_if(all.steps.begin(), all.steps.end(),
                                      [](const auto& step) { return step.op == FormulaOp::kSigmoid; });
  EXPECT_EQ(sigmoids, 1);
}

TEST(FormulaDerivative, SimplifyingKeepsTheValue) {
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    const std::string text = "x + a * b * (" + random_formula(random, 1 + i % 4) + ")";
    const Formula formula = parse_formula(text, {"a", "b"});
    const Formula simple = with_derivatives(formula, {});
    for (const double x : {-2.3, -0.7, 0.4, 1.9}) {
      const std::vector<double> values = evaluate_steps(formula, x, {0.8, -1.2});
      // 0 * inf is 0 once simplified, and far outside the usual range digits are lost.
      if (std::any_of(values.begin(), values.end(), [](double v) { return !(std::abs(v) < 1e6); })) continue;
      const double expected = values[formula.results[0]];
      EXPECT_NEAR(evaluate(simple, x, {0.8, -1.2}), expected, 1e-9 * (1 + std::abs(expected)))
          << text << " at " << x << "\n"
          << to_text(simple);
    }
  }
}

TEST(FormulaDerivative, OfTheLongestFormulasTakesNoTime) {
  std::string product = "x";
  std::string chain = "x";
  for (int i = 100; product.size() + 20 < kMaxFormulaLength; ++i) {
    product += "*sin(" + std::to_string(i) + "*x)";
  }
  while (chain.size() + 2 <= kMaxFormulaLength) chain += "/x";
  EXPECT_LT(with_derivatives(parse_formula(product), {"x"}).steps.size(), 200'000u);
  EXPECT_LT(with_derivatives(parse_formula(chain), {"x"}).steps.size(), 10'000u);
}

TEST(FormulaDerivative, RefusesAnUnknownName) {
  EXPECT_THROW(derivative(parse_formula("x"), "b"), Error);
}

}  // namespace
}  // namespace actlab::test
