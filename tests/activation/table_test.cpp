#include "activation/table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "activation/moments.h"
#include "activation/shape.h"
#include "formula/formula.h"
#include "formula/parser.h"

// Every row of one variable against what it says of itself.
namespace actlab {
namespace {

using torch::Tensor;

// Parameters by the names that formulas call them, with values other than the defaults when `other`.
struct Case {
  ActivationSpec spec;
  std::vector<std::string> names;
  std::vector<double> values;
};

Case make_case(const ActivationInfo& info, bool other) {
  Case made{{info.name, {}}, {}, {}};
  double value_added = 0.25;
  for (const auto& parameter : info.parameters) {
    double value = parameter.value;
    if (other && parameter.range.contains(value + value_added)) value += value_added;
    value_added += 0.5;
    made.spec.parameters[parameter.name] = value;
    made.names.push_back(parameter.learned() ? parameter.weight : parameter.name);
    made.values.push_back(value);
  }
  return made;
}

bool occurs(const std::string& name, const std::string& text) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const size_t end = at + name.size();
    if ((at == 0 || !letter(text[at - 1])) && (end == text.size() || !letter(text[end]))) return true;
  }
  return false;
}

// The text's value at each x; a formula without x is a number.
std::vector<double> values_of(const std::string& text, const Case& made, const std::vector<double>& xs) {
  if (!occurs("x", text)) return std::vector<double>(xs.size(), std::stod(text));
  std::vector<std::string> names;
  std::vector<double> values;
  for (size_t i = 0; i < made.names.size(); ++i) {
    if (!occurs(made.names[i], text)) continue;
    names.push_back(made.names[i]);
    values.push_back(made.values[i]);
  }
  const Formula formula = parse_formula(text, names);
  std::vector<double> results;
  for (const double x : xs) results.push_back(evaluate(formula, x, values));
  return results;
}

// Off every kink: none is an odd multiple of 1/256 plus 1e-5.
std::vector<double> points() {
  std::vector<double> xs;
  for (int i = -2047; i < 2048; i += 16) xs.push_back(i / 256.0 + 1e-5);
  for (const double far : {-40.0, -15.0, 15.0, 40.0}) xs.push_back(far + 1e-5);
  return xs;
}

TEST(ActivationTable, FormulasAndDerivativesAreTheFunctions) {
  const auto xs = points();
  for (const auto& info : activation_table()) {
    if (!info.element_wise) continue;
    for (const bool other : {false, true}) {
      const Case made = make_case(info, other);
      const auto [value, slope] = ActivationCurve(made.spec).at(torch::tensor(xs, torch::kFloat64));
      const auto formula = values_of(info.formula, made, xs);
      const auto derivative = values_of(info.derivative, made, xs);
      for (size_t i = 0; i < xs.size(); ++i) {
        const auto at = static_cast<int64_t>(i);
        const double tolerance = 1e-6 * (1 + std::abs(formula[i]));  // learned parameters start as floats
        EXPECT_NEAR(value[at].item<double>(), formula[i], tolerance) << info.name << " at " << xs[i];
        EXPECT_NEAR(slope[at].item<double>(), derivative[i], 1e-6 * (1 + std::abs(derivative[i])))
            << info.name << "' at " << xs[i];
      }
    }
  }
}

void expect_bound(double actual, double expected, const std::string& name) {
  constexpr double kLastDigit = 6e-6;
  if (std::isfinite(expected)) {
    EXPECT_NEAR(actual, expected, kLastDigit) << name;
  } else {
    EXPECT_EQ(actual, expected) << name;
  }
}

// Between brackets what is reached, between parentheses what is only approached.
TEST(ActivationTable, RangesAreWhatIsMeasured) {
  for (const auto& info : activation_table()) {
    if (!info.element_wise) continue;
    double low = 0;
    double high = 0;
    char open = 0;
    char close = 0;
    if (std::sscanf(info.range.c_str(), "%c%lf, %lf%c", &open, &low, &high, &close) != 4) continue;
    const ActivationShape shape = activation_shape(ActivationCurve(ActivationSpec{info.name, {}}));
    expect_bound(shape.low, low, info.name);
    expect_bound(shape.high, high, info.name);
    EXPECT_EQ(open == '[', std::isfinite(shape.low) && std::isfinite(shape.lowest_x)) << info.name;
    EXPECT_EQ(close == ']', std::isfinite(shape.high) && std::isfinite(shape.highest_x)) << info.name;
  }
}

TEST(ActivationTable, WhatNeverFallsIsMonotone) {
  for (const auto& info : activation_table()) {
    if (!info.element_wise || !info.non_decreasing) continue;
    for (const bool other : {false, true}) {
      EXPECT_TRUE(activation_shape(ActivationCurve(make_case(info, other).spec)).monotone) << info.name;
    }
  }
}

}  // namespace
}  // namespace actlab
