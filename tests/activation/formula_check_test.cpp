#include "activation/formula_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formula/formula_support.h"
#include "formula/parser.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string problem_with(const FormulaExample& example) {
  try {
    check_gradient(FormulaFunction(parse_formula(example.text, example.parameters), example.parameters),
                   example.values);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), ExitStatus::kUsage);
    return error.what();
  }
  return "";
}

TEST(FormulaCheck, AcceptsWhatIsRight) {
  for (const auto& example : formula_examples()) EXPECT_EQ(problem_with(example), "") << example.name;
}

TEST(FormulaCheck, RefusesWhatIsNotFiniteAtATenthOrInAFloat) {
  for (const char* text : {"1 / (x - 1)", "1 / (x - 0.3)", "log(abs(x + 2.5))",
                           "where(x == 1, 1 / (x - 1), x)", "1e39 * x", "exp(exp(x))"}) {
    EXPECT_NE(problem_with({"", text}), "") << text;
  }
}

TEST(FormulaCheck, AcceptsKinksJumpsAndOscillations) {
  for (const auto& example : std::vector<FormulaExample>{
           {"", "sign(x)"},
           {"", "abs(abs(abs(x) - 2.00271) - 1)"},
           {"", "where(x > 0.10271, x, -x - 3)"},
           {"", "where(x > 0, x, 0.1 * x)"},
           {"", "(x > 1) + (x > 2) + (x > 3) + 0.1 * x"},
           {"", "where(x > b, x, 0)", {"b"}, {1.00271}},
           {"", "clamp(x, low, high)", {"low", "high"}, {-1, 1}},
           {"", "sin(1000 * x)"},
           {"", "1000000 * x + sin(x)"},
           {"", "exp(3 * x)"},
           {"", "exp(x) - 1e8"},
           {"", "1e-9 * x^3"},
       }) {
    EXPECT_EQ(problem_with(example), "") << example.text;
  }
}

TEST(FormulaCheck, NamesWhatIsNotFinite) {
  EXPECT_THAT(problem_with({"", "1 + log(x)"}), AllOf(HasSubstr("log(x) is"), HasSubstr("at x = ")));
  EXPECT_THAT(problem_with({"", "x / abs(x)"}), AllOf(HasSubstr("x / abs(x) is nan"), HasSubstr("at x = 0")));
  EXPECT_THAT(problem_with({"", "x^b", {"b"}, {0.5}}), HasSubstr("b = 0.5"));
  EXPECT_THAT(problem_with({"", "sqrt(x + 2)"}), HasSubstr("sqrt(x + 2) is"));
  EXPECT_THAT(problem_with({"", "exp(exp(x) * 3)"}), HasSubstr("exp(exp(x) * 3) is inf"));
  EXPECT_THAT(problem_with({"", "where(x < 0, log(-1), 1 / (x - x))"}), HasSubstr("/ (x - x) is inf"));
}

TEST(FormulaCheck, NamesADerivativeThatIsNotFinite) {
  EXPECT_THAT(problem_with({"", "sqrt(abs(x))"}), AllOf(HasSubstr("derivative by x"), HasSubstr("at x = 0")));
  EXPECT_THAT(problem_with({"", "x + sqrt(b) + sqrt(b - 1)", {"b"}, {1}}), HasSubstr("derivative by b"));
}

// A constant may be where a learned parameter may not.
TEST(FormulaCheck, AsksNoDerivativeOfConstants) {
  const Formula formula = parse_formula("x^n", {"n"});
  EXPECT_NO_THROW(check_gradient(FormulaFunction(formula), {}, {2}));
  EXPECT_THROW(check_gradient(FormulaFunction(formula, {"n"}), {2}), Error);
}

}  // namespace
}  // namespace actlab::test
