#include "formula/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "formula/derivative.h"
#include "formula/formula.h"
#include "formula/formula_support.h"
#include "formula/text.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;
using Names = std::vector<std::string>;

double value_of(const std::string& text, double x = 3) {
  return evaluate(parse_formula(text + " + 0 * x"), x);
}

FormulaError error_of(const std::string& text, const Names& parameters = {}) {
  try {
    parse_formula(text, parameters);
  } catch (const FormulaError& error) {
    return error;
  }
  ADD_FAILURE() << text << " was accepted";
  return FormulaError("");
}

std::string repeat(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(FormulaParser, BindsAsInMathematics) {
  EXPECT_EQ(value_of("1 + 2 * 3"), 7);
  EXPECT_EQ(value_of("2 * 3 ^ 2"), 18);
  EXPECT_EQ(value_of("-2 ^ 2"), -4);
  EXPECT_EQ(value_of("(-2) ^ 2"), 4);
  EXPECT_EQ(value_of("2 ^ 3 ^ 2"), 512);
  EXPECT_EQ(value_of("2 ^ -1"), 0.5);
  EXPECT_EQ(value_of("2 ^ -2 ^ 2"), 1.0 / 16);
  EXPECT_EQ(value_of("2 - 3 - 4"), -5);
  EXPECT_EQ(value_of("24 / 3 / 2"), 4);
  EXPECT_EQ(value_of("2 * -3"), -6);
  EXPECT_EQ(value_of("--2"), 2);
  EXPECT_EQ(value_of("(1 + 1 < 2 * 3)"), 1);
  EXPECT_EQ(value_of("-x^2"), -9);
}

TEST(FormulaParser, ReadsNumbersConstantsAndSpaces) {
  EXPECT_EQ(value_of("1.5e-3"), 0.0015);
  EXPECT_EQ(value_of(".5"), 0.5);
  EXPECT_EQ(value_of("5."), 5);
  EXPECT_EQ(value_of("1E+2"), 100);
  EXPECT_DOUBLE_EQ(value_of("pi"), 3.14159265358979312);
  EXPECT_DOUBLE_EQ(value_of("e"), 2.71828182845904509);
  EXPECT_EQ(value_of("\t1\n+\r\n 2 "), 3);
}

TEST(FormulaParser, EvaluatesEveryFunction) {
  EXPECT_DOUBLE_EQ(value_of("exp(2)"), std::exp(2));
  EXPECT_DOUBLE_EQ(value_of("log(2)"), std::log(2));
  EXPECT_DOUBLE_EQ(value_of("log1p(1e-10)"), std::log1p(1e-10));
  EXPECT_DOUBLE_EQ(value_of("expm1(1e-10)"), std::expm1(1e-10));
  EXPECT_DOUBLE_EQ(value_of("sqrt(2)"), std::sqrt(2));
  EXPECT_EQ(value_of("abs(-2)"), 2);
  EXPECT_EQ(value_of("sign(-2) + 10 * sign(0) + 100 * sign(5)"), 99);
  EXPECT_DOUBLE_EQ(value_of("sin(2)"), std::sin(2));
  EXPECT_DOUBLE_EQ(value_of("cos(2)"), std::cos(2));
  EXPECT_DOUBLE_EQ(value_of("tanh(2)"), std::tanh(2));
  EXPECT_DOUBLE_EQ(value_of("sigmoid(2)"), 1 / (1 + std::exp(-2)));
  EXPECT_DOUBLE_EQ(value_of("sigmoid(-800)"), 0);
  EXPECT_DOUBLE_EQ(value_of("erf(0.3)"), std::erf(0.3));
  EXPECT_NEAR(value_of("Phi(-1)"), 0.15865525393145705, 1e-16);
  EXPECT_EQ(value_of("relu(-1) + relu(4)"), 4);
  EXPECT_DOUBLE_EQ(value_of("softplus(2)"), std::log(1 + std::exp(2)));
  EXPECT_EQ(value_of("softplus(800)"), 800);
  EXPECT_EQ(value_of("square(3)"), 9);
  EXPECT_EQ(value_of("min(1, 2) + 10 * max(1, 2)"), 21);
  EXPECT_EQ(value_of("clamp(-5, -1, 2) + clamp(5, -1, 2)"), 1);
  EXPECT_EQ(value_of("where(x > 2, 5, log(-1))"), 5);
  EXPECT_EQ(value_of("(1 < 2) + (1 <= 1) + (1 > 2) + (2 >= 2) + (1 == 1) + (1 != 1)"), 4);
}

TEST(FormulaParser, PassesParametersInTheirOrder) {
  const Formula formula = parse_formula("a - b * x", {"b", "a"});
  EXPECT_EQ(evaluate(formula, 3, {2, 10}), 4);
}

TEST(FormulaParser, KeepsEqualStepsOnce) {
  const Formula formula = parse_formula("tanh(x + 1) * tanh(x + 1) + x + 1");
  EXPECT_EQ(formula.steps.size(), 7u);
}

TEST(FormulaParser, SaysWhereAndWhatIsWrong) {
  struct Case {
    std::string text;
    size_t offset;
    std::string message;
    Names parameters = {};
  };
  const std::vector<Case> cases = {
      {"x * sigmod(x)", 4, "at character 5: unknown function 'sigmod': did you mean 'sigmoid'?"},
      {"x + beta", 4, "unknown name 'beta': did you mean 'bet'?", {"bet"}},
      {"X", 0, "did you mean 'x'"},
      {"x + ", 4, "ends where a value should follow"},
      {"(x + 1", 0, "never closed"},
      {"x * (1 + exp(x)", 4, "never closed"},
      {"exp(x", 3, "never closed"},
      {"x) + 1", 1, "')' without a '('"},
      {"2x", 1, "expected an operator"},
      {"x 2", 2, "expected an operator"},
      {"(x)(x)", 3, "expected an operator"},
      {"1.2.3 * x", 3, "expected an operator"},
      {"0x10 * x", 1, "expected an operator"},
      {"1e * x", 1, "expected an operator"},
      {"x(2)", 0, "'x' is not a function"},
      {"x + b(x)", 4, "'b' is not a function", {"b"}},
      {"x + pi(x)", 4, "'pi' is not a function"},
      {"x + sin", 4, "'sin' is a function"},
      {"1 + max(x)", 4, "'max' takes 2 arguments, not 1"},
      {"exp(x, 1)", 0, "'exp' takes 1 argument, not 2"},
      {"x + exp()", 4, "'exp' takes 1 argument, not 0"},
      {"max(x,,1)", 6, "expected a value, not ','"},
      {"()", 1, "expected a value, not ')'"},
      {"clamp(x, 1, -1)", 0, "'clamp'"},
      {"x**2", 1, "'^' is the power"},
      {"x = 2", 2, "'==' compares"},
      {"0 < x < 1", 6, "do not chain"},
      {"x == 1 != 2", 7, "do not chain"},
      {"|x|", 0, "abs"},
      {"x > 0 && x < 1", 6, "multiply comparisons"},
      {"x > 0 ? x : 0", 6, "where"},
      {"ln(x)", 0, "write log"},
      {"pow(x, 2)", 0, "write a^b"},
      {"1e999 * x", 0, "1e999 is out of range"},
      {"x * 1e-999", 4, "1e-999 is out of range"},
      {". + x", 0, "expected a number"},
      {"inf * x", 0, "unknown name 'inf'"},
      {"x \xc3\x97 2", 2, "unexpected '\xc3\x97'"},
      {"x\xff", 1, "unexpected byte 255"},
      {"x\xc3", 1, "unexpected byte 195"},
      {std::string("x\0y", 3), 1, "unexpected byte 0"},
      {"x;", 1, "unexpected ';'"},
  };
  for (const auto& c : cases) {
    const FormulaError error = error_of(c.text, c.parameters);
    EXPECT_EQ(error.offset(), c.offset) << c.text << ": " << error.what();
    EXPECT_THAT(error.what(), HasSubstr(c.message)) << c.text;
    EXPECT_THAT(error.what(), HasSubstr("at character " + std::to_string(c.offset + 1) + ":")) << c.text;
    EXPECT_EQ(error.status(), ExitStatus::kUsage);
  }
}

TEST(FormulaParser, RefusesWhatIsWrongAsAWhole) {
  EXPECT_THAT(error_of("").what(), HasSubstr("empty"));
  EXPECT_THAT(error_of(" \n ").what(), HasSubstr("empty"));
  EXPECT_THAT(error_of("2 * 3").what(), HasSubstr("x does not occur"));
  EXPECT_THAT(error_of("x * b", {"b", "c"}).what(), HasSubstr("parameter 'c' does not occur"));
  EXPECT_THAT(error_of("x", {""}).what(), HasSubstr("parameter ''"));
  EXPECT_THAT(error_of("x", {"1a"}).what(), HasSubstr("parameter '1a'"));
  EXPECT_THAT(error_of("x", {"a-b"}).what(), HasSubstr("parameter 'a-b'"));
  EXPECT_THAT(error_of("x * b", {"b", "b"}).what(), HasSubstr("twice"));
  for (const char* taken : {"x", "pi", "e", "exp", "where", "Phi"}) {
    EXPECT_THAT(error_of("x * b", {"b", taken}).what(), HasSubstr("the name is taken")) << taken;
  }
}

TEST(FormulaParser, BoundsLengthAndDepth) {
  const size_t deep = kMaxFormulaDepth;
  const auto nested = [](const std::string& open, const std::string& close, size_t times) {
    return repeat(open, times) + "x" + repeat(close, times);
  };
  for (const auto& [open, close] : std::vector<std::pair<std::string, std::string>>{
           {"(", ")"}, {"-", ""}, {"exp(", ")"}, {"x^", ""}, {"max(1,", ")"}, {"2^-", ""}}) {
    const size_t levels = open == "2^-" ? deep / 2 : deep;
    EXPECT_NO_THROW(parse_formula(nested(open, close, levels))) << open;
    EXPECT_THAT(error_of(nested(open, close, levels + 1)).what(), HasSubstr("nested deeper")) << open;
  }
  EXPECT_NO_THROW(parse_formula("x" + repeat("+x", 2047)));
  EXPECT_THAT(error_of("x" + repeat("+x", 2048)).what(), HasSubstr("4097 characters"));
  EXPECT_THAT(error_of(std::string(1'000'000, '(')).what(), HasSubstr("1000000 characters"));
}

TEST(FormulaParser, RandomTextIsReadOrRefused) {
  std::mt19937 random(7);
  const std::string alphabet = "xxxab01.5e+-*/^()<>=!, \texpmaxwhere\xc3\x97|&{}";
  std::uniform_int_distribution<size_t> letter(0, alphabet.size() - 1);
  std::uniform_int_distribution<size_t> length(0, 24);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (size_t k = length(random); k > 0; --k) text += alphabet[letter(random)];
    try {
      const Formula formula = parse_formula(text);
      EXPECT_EQ(parse_formula(to_text(formula)), formula) << text;
      EXPECT_NO_THROW(with_derivatives(formula, {"x"})) << text;
    } catch (const FormulaError& error) {
      EXPECT_LE(error.offset(), text.size()) << text;
    }
  }
}

TEST(FormulaParser, DamagedFormulasAreReadOrRefused) {
  std::mt19937 random(8);
  for (int i = 0; i < 5000; ++i) {
    std::string text = random_formula(random, 3);
    for (int damage = 0; damage < 2; ++damage) {
      const size_t at = std::uniform_int_distribution<size_t>(0, text.size() - 1)(random);
      if (i % 2 == 0) {
        text.erase(at, 1);
      } else {
        text.insert(at, 1, text[text.size() - 1 - at]);
      }
      if (text.empty()) break;
    }
    try {
      parse_formula(text, {"a", "b"});
    } catch (const FormulaError& error) {
      EXPECT_LE(error.offset(), text.size()) << text;
    }
  }
}

}  // namespace
}  // namespace actlab::test
