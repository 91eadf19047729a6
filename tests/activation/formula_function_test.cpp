#include "activation/formula_function.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/utils.h>

#include <cmath>

#include "formula/derivative.h"
#include "formula/formula_support.h"
#include "formula/parser.h"
#include "formula/vector.h"

namespace actlab::test {
namespace {

using torch::Tensor;
using Tensors = std::vector<Tensor>;

constexpr auto kChannelsLast = at::MemoryFormat::ChannelsLast;

// A function, its value and its gradients after backward(upstream).
struct Outcome {
  Tensor y;
  Tensors gradients;  // by x, then by each parameter
};

Tensors learned_tensors(const std::vector<double>& values, at::ScalarType type) {
  Tensors learned;
  for (const double value : values) learned.push_back(torch::full({1}, value, type).requires_grad_());
  return learned;
}

Outcome outcome_of(const Tensor& x, const Tensor& upstream, const Tensors& learned,
                   const std::function<Tensor(const Tensor&, const Tensors&)>& function) {
  const Tensor input = x.detach().requires_grad_();
  Outcome outcome{function(input, learned), {}};
  outcome.y.backward(upstream);
  outcome.gradients.push_back(input.grad());
  for (const auto& parameter : learned) outcome.gradients.push_back(parameter.grad());
  return outcome;
}

// All parameters learned.
FormulaFunction function_of(const FormulaExample& example) {
  return FormulaFunction(parse_formula(example.text, example.parameters), example.parameters);
}

Outcome by_formula(const FormulaFunction& function, const FormulaExample& example, const Tensor& x,
                   const Tensor& upstream) {
  return outcome_of(x, upstream, learned_tensors(example.values, x.scalar_type()),
                    [&](const Tensor& input, const Tensors& learned) { return function(input, learned); });
}

Outcome by_plain(const FormulaFunction& function, const FormulaExample& example, const Tensor& x,
                 const Tensor& upstream) {
  return outcome_of(
      x, upstream, learned_tensors(example.values, x.scalar_type()),
      [&](const Tensor& input, const Tensors& learned) { return function.plain(input, learned); });
}

void expect_close(const Tensor& a, const Tensor& b, double tolerance, const std::string& what) {
  ASSERT_EQ(a.sizes(), b.sizes()) << what;
  const double size = b.numel() == 0 ? 0 : b.abs().max().item<double>();
  EXPECT_TRUE(torch::allclose(a, b, tolerance, tolerance * (1 + 1e-2 * size)))
      << what << ": differs by " << (a - b).abs().max().item<double>();
}

void expect_close(const Outcome& a, const Outcome& b, double tolerance, const std::string& what) {
  expect_close(a.y, b.y, tolerance, what + ": y");
  ASSERT_EQ(a.gradients.size(), b.gradients.size()) << what;
  for (size_t i = 0; i < a.gradients.size(); ++i) {
    const Tensor& gradient = b.gradients[i];
    // A parameter's gradient is a sum over all of x.
    const double scale = i == 0 ? 1 : 10;
    expect_close(a.gradients[i], gradient, scale * tolerance, what + ": gradient " + std::to_string(i));
  }
}

bool is_nan_by_autograd(const FormulaExample& example) {
  return example.name == "nested";  // autograd multiplies what where() left out by zero
}

TEST(FormulaFunction, IsWhatAutogradMakesOfTheOperations) {
  torch::manual_seed(1);
  for (const auto& example : formula_examples()) {
    if (is_nan_by_autograd(example)) continue;
    const FormulaFunction function = function_of(example);
    for (const auto type : {torch::kFloat64, torch::kFloat32}) {
      const Tensor x = 2 * torch::randn({3, 7001}, type);
      const Tensor upstream = torch::randn_like(x);
      expect_close(by_formula(function, example, x, upstream), by_plain(function, example, x, upstream),
                   type == torch::kFloat64 ? 1e-11 : 1e-5, example.name);
    }
  }
}

TEST(FormulaFunction, IsTheFormulaEvaluatedInDouble) {
  for (const auto& example : formula_examples()) {
    const FormulaFunction function = function_of(example);
    const Formula slope = derivative(function.formula(), "x");
    const Tensor x = torch::linspace(-5.03, 5.07, 101, torch::kFloat64);
    const Outcome outcome = by_formula(function, example, x, torch::ones_like(x));
    for (int64_t i = 0; i < x.numel(); ++i) {
      const double at = x[i].item<double>();
      const double value = evaluate(function.formula(), at, example.values);
      const double expected_slope = evaluate(slope, at, example.values);
      EXPECT_NEAR(outcome.y[i].item<double>(), value, 1e-12 * (1 + std::abs(value))) << example.name;
      EXPECT_NEAR(outcome.gradients[0][i].item<double>(), expected_slope,
                  1e-12 * (1 + std::abs(expected_slope)))
          << example.name << " at " << at;
    }
  }
}

// Two numbers to choose from do not decide the type.
TEST(FormulaFunction, IsThatByOperationsOnTensorsToo) {
  for (const char* text : {"where(x > 0, 0.1, 0.3)", "where(x > 0, x, 0.1 * x)"}) {
    const FormulaFunction function(parse_formula(text, {}));
    const Tensor x = torch::linspace(-5.03, 5.07, 101, torch::kFloat64);
    expect_close(function.plain(x), function(x), 1e-15, text);
    const Tensor slope = outcome_of(x, torch::ones_like(x), {}, [&](const Tensor& input, const Tensors&) {
                           return function(input);
                         }).gradients[0];
    expect_close(function.slopes(x)[0], slope, 1e-15, text);
  }
}

// Equal but for a few roundings of float32; `terms`: the size of what each element was summed up from.
void expect_few_roundings(const Tensor& a, const Tensor& b, const Tensor& terms, const std::string& what) {
  constexpr double kFew = 16;  // 5 have been seen
  const double roundings = ((a - b).abs() / terms).max().item<double>() / std::ldexp(1.0, -24);
  EXPECT_LE(roundings, kFew) << what;
}

// The terms of these values are as large as x, those of their slopes as large as 1 + |x|, however little is
// left of them: 1 - tanh^2 loses its digits in either implementation.
TEST(FormulaFunction, AgreesWithTheBuiltInFunctions) {
  struct Case {
    std::string text;
    Tensor (*builtin)(const Tensor&);
  };
  const std::vector<Case> cases = {
      {"x * sigmoid(x)", [](const Tensor& x) { return at::silu(x); }},
      {"0.5 * x * (1 + erf(x / sqrt(2)))", [](const Tensor& x) { return at::gelu(x); }},
      {"x * Phi(x)", [](const Tensor& x) { return at::gelu(x); }},
      {"0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))",
       [](const Tensor& x) { return at::gelu(x, "tanh"); }},
      {"x * tanh(softplus(x))", [](const Tensor& x) { return at::mish(x); }},
      {"where(x > 0, x, expm1(x))", [](const Tensor& x) { return at::elu(x); }},
      {"relu(x)", [](const Tensor& x) { return at::relu(x); }},
      {"where(x > 0, x, 0.01 * x)", [](const Tensor& x) { return at::leaky_relu(x); }},
      {"x * clamp(x / 6 + 1 / 2, 0, 1)", [](const Tensor& x) { return at::hardswish(x); }},
      {"-softplus(-x)", [](const Tensor& x) { return at::log_sigmoid(x); }},
  };
  torch::manual_seed(2);
  const Tensor x = 3 * torch::randn({40000});
  const Tensor upstream = torch::randn_like(x);
  const Tensor terms = 1 + x.abs();
  for (const auto& c : cases) {
    const FormulaFunction function(parse_formula(c.text));
    const auto formula =
        outcome_of(x, upstream, {}, [&](const Tensor& i, const Tensors&) { return function(i); });
    const auto builtin =
        outcome_of(x, upstream, {}, [&](const Tensor& i, const Tensors&) { return c.builtin(i); });
    expect_few_roundings(formula.y, builtin.y, terms, c.text + ": y");
    expect_few_roundings(formula.gradients[0], builtin.gradients[0], terms * upstream.abs(), c.text + ": dx");
  }
}

TEST(FormulaFunction, KeepsShapeAndStrides) {
  const FormulaExample example{"", "x * sigmoid(b * x) + b", {"b"}, {1.5}};
  const FormulaFunction function = function_of(example);
  torch::manual_seed(3);
  const Tensor images = torch::randn({4, 8, 30, 31}, torch::kFloat64);
  const std::vector<Tensor> inputs = {
      images,
      images.contiguous(kChannelsLast),
      images.transpose(1, 3),
      images.slice(2, 3, 20, 2),
      images.select(1, 2),
      images[0][0][0][0],
      images.slice(0, 2, 2),
      torch::randn({1}, torch::kFloat64).expand({5, 3}),
      images.flatten().slice(0, 17),
  };
  for (const auto& x : inputs) {
    for (const bool expanded : {false, true}) {
      const Tensor upstream = expanded ? torch::full({}, 0.7, torch::kFloat64).expand(x.sizes())
                                       : torch::randn(x.sizes(), x.options());
      const Outcome formula = by_formula(function, example, x, upstream);
      expect_close(formula, by_plain(function, example, x, upstream), 1e-11, std::to_string(x.dim()));
      EXPECT_EQ(formula.y.strides(), at::empty_like(x).strides());
    }
  }
}

TEST(FormulaFunction, TakesHalfPrecisionAndConstants) {
  const FormulaFunction function(parse_formula("a * x * sigmoid(b * x) + c", {"a", "b", "c"}), {"b"});
  const Tensors learned = {torch::full({1}, 1.5)};
  const Tensor x = torch::randn({1000});
  const Tensor expected = 0.3 * x * at::sigmoid(1.5 * x) + 2;
  expect_close(function(x, learned, {0.3, 2.0}), expected, 1e-6, "float");
  const Tensor half = function(x.to(torch::kBFloat16), learned, {0.3, 2.0});
  EXPECT_EQ(half.scalar_type(), torch::kBFloat16);
  expect_close(half.to(torch::kFloat32), expected, 3e-2, "bfloat16");
  EXPECT_THROW(function(x, learned, {0.3}), Error);
  EXPECT_THROW(function(x, {}, {0.3, 1.0, 2.0}), Error);
  EXPECT_THROW(FormulaFunction(parse_formula("x"), {"b"}), Error);
}

TEST(FormulaFunction, GivesGradientsOnlyWhereAsked) {
  const FormulaFunction function(parse_formula("x * sigmoid(b * x)", {"b"}), {"b"});
  const Tensor b = torch::ones({1}).requires_grad_();
  const Tensor x = torch::randn({100});
  function(x, {b}).sum().backward();
  EXPECT_TRUE(b.grad().defined());
  EXPECT_FALSE(x.grad().defined());
  const torch::NoGradGuard no_grad;
  EXPECT_FALSE(function(x, {b}).requires_grad());
}

// Where the value does not depend on x at all, and where the derivative does not.
TEST(FormulaFunction, ConstantsAreOfTheShapeOfX) {
  torch::manual_seed(4);
  const Tensor x = torch::randn({3, 5});
  const Tensor upstream = torch::randn_like(x);
  for (const auto& example : std::vector<FormulaExample>{{"zero", "x - x"},
                                                         {"number", "where(1 < 2, 3, x)"},
                                                         {"identity", "x"},
                                                         {"linear", "b * x + b", {"b"}, {2.0}},
                                                         {"parameter", "b + 0 * x", {"b"}, {2.0}},
                                                         {"sign", "sign(x)"},
                                                         {"condition", "where(b > 1, x, -x)", {"b"}, {2.0}},
                                                         {"value", "where(x, x > 0, 2)"}}) {
    const FormulaFunction function = function_of(example);
    const Outcome formula = by_formula(function, example, x, upstream);
    EXPECT_EQ(formula.y.sizes(), x.sizes());
    for (int64_t i = 0; i < x.numel(); ++i) {
      const double at = x.flatten()[i].item<double>();
      EXPECT_NEAR(formula.y.flatten()[i].item<double>(), evaluate(function.formula(), at, example.values),
                  1e-6)
          << example.name;
    }
    const auto slopes = function.slopes(x, learned_tensors(example.values, x.scalar_type()));
    expect_close(formula.gradients[0], upstream * slopes[0], 1e-6, example.name);
    for (size_t k = 1; k < slopes.size(); ++k) {
      expect_close(formula.gradients[k], (upstream * slopes[k]).sum().reshape({1}), 1e-5, example.name);
    }
  }
}

TEST(FormulaFunction, LeavesOutWhatWhereDoesNotChoose) {
  const FormulaFunction function(parse_formula("where(x > 0, sqrt(x) * log(x), x)"));
  const Tensor x = torch::tensor({-1.0, 0.0, 4.0}).requires_grad_();
  function(x).sum().backward();
  EXPECT_TRUE(x.grad().isfinite().all().item<bool>()) << x.grad();
}

TEST(FormulaFunction, PassesNaNOn) {
  for (const char* text : {"x * sigmoid(x)", "relu(x)", "clamp(x, -1, 1)", "max(x, 0)"}) {
    EXPECT_TRUE(FormulaFunction(parse_formula(text))(torch::full({3}, NAN)).isnan().all().item<bool>())
        << text;
  }
}

TEST(FormulaFunction, GivesTheSameBitsOnAnyNumberOfThreads) {
  const FormulaExample example{"", "x * sigmoid(b * x)", {"b"}, {1.5}};
  const FormulaFunction function = function_of(example);
  torch::manual_seed(5);
  const Tensor x = torch::randn({20 * static_cast<int64_t>(kFormulaBlock) + 77});
  const Tensor upstream = torch::randn_like(x);
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const Outcome one = by_formula(function, example, x, upstream);
  at::set_num_threads(3);
  const Outcome three = by_formula(function, example, x, upstream);
  at::set_num_threads(before);
  EXPECT_TRUE(torch::equal(one.y, three.y));
  for (size_t i = 0; i < one.gradients.size(); ++i) {
    EXPECT_TRUE(torch::equal(one.gradients[i], three.gradients[i])) << i;
  }
}

TEST(FormulaFunction, HasAGradientOfTheGradient) {
  const FormulaFunction function(parse_formula("x^3 + b * sin(x)", {"b"}), {"b"});
  const Tensor x = torch::linspace(-2, 2, 9, torch::kFloat64).requires_grad_();
  const Tensor b = torch::full({1}, 0.5, torch::kFloat64).requires_grad_();
  const auto first = torch::autograd::grad({function(x, {b}).sum()}, {x}, {}, true, true);
  const auto second = torch::autograd::grad({first[0].sum()}, {x, b});
  expect_close(second[0], 6 * x - b * at::sin(x), 1e-12, "by x twice");
  expect_close(second[1], at::cos(x).sum().reshape({1}), 1e-12, "by x and b");
}

TEST(FormulaFunction, RefusesParametersChangedBeforeBackward) {
  const FormulaFunction function(parse_formula("x * b", {"b"}), {"b"});
  const Tensor b = torch::ones({1}).requires_grad_();
  const Tensor y = function(torch::ones({3}), {b});
  {
    const torch::NoGradGuard no_grad;
    b.add_(1);
  }
  EXPECT_ANY_THROW(y.sum().backward());
}

}  // namespace
}  // namespace actlab::test
