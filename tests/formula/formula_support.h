#pragma once

#include <random>
#include <string>
#include <vector>

namespace actlab::test {

struct FormulaExample {
  std::string name;
  std::string text;
  std::vector<std::string> parameters = {};
  std::vector<double> values = {};
};

// Activations of the literature and the corners of the language, with parameter values that make sense.
inline std::vector<FormulaExample> formula_examples() {
  return {
      {"silu", "x * sigmoid(x)"},
      {"swish", "x * sigmoid(b * x)", {"b"}, {1.3}},
      {"gelu", "0.5 * x * (1 + erf(x / sqrt(2)))"},
      {"gelu_phi", "x * Phi(x)"},
      {"gelu_tanh", "0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))"},
      {"quick_gelu", "x * sigmoid(1.702 * x)"},
      {"mish", "x * tanh(softplus(x))"},
      {"elu", "where(x > 0, x, a * expm1(x))", {"a"}, {0.8}},
      {"celu", "max(0, x) + min(0, a * (exp(x / a) - 1))", {"a"}, {1.7}},
      {"leaky_relu", "where(x >= 0, x, s * x)", {"s"}, {0.1}},
      {"relu", "relu(x)"},
      {"relu6", "clamp(x, 0, 6)"},
      {"hardtanh", "clamp(x, low, high)", {"low", "high"}, {-1.05, 1.55}},
      {"hardswish", "x * clamp(x / 6 + 1 / 2, 0, 1)"},
      {"softsign", "x / (1 + abs(x))"},
      {"snake", "x + sin(a * x)^2 / a", {"a"}, {1.4}},
      {"squareplus", "(x + sqrt(x^2 + b)) / 2", {"b"}, {4.0}},
      {"lecun_tanh", "1.7159 * tanh(2 * x / 3)"},
      {"tanh_exp", "x * tanh(exp(x))"},
      {"tanhshrink", "x - tanh(x)"},
      {"log_sigmoid", "-softplus(-x)"},
      {"softplus", "log1p(exp(b * x)) / b", {"b"}, {0.7}},
      {"softshrink", "sign(x) * max(abs(x) - 0.513, 0)"},
      {"gaussian", "e^-(x^2)"},
      {"cosine", "cos(x) - x"},
      {"power", "(x^2 + 1)^p", {"p"}, {0.6}},
      {"exponential", "b^x + 2^-x", {"b"}, {1.2}},
      {"both", "(1 + x^2)^(0.3 * x)"},
      {"square_log", "sign(x) * log(1 + square(x))"},
      {"maxout", "max(a * x, b * x + 0.3)", {"a", "b"}, {0.7, -0.2}},
      {"serf", "x * erf(log(1 + exp(x)))"},
      {"masked", "x * (x > -1.03) * (x < 2.07) + 0.1 * x"},
      {"nested", "where(x > 1.01, log(x), where(x < -2.03, sqrt(-x), x))"},
      {"long_product", "x * x * sin(x) * x * cos(2 * x) * -x / (3 + x * x)"},
      {"quotient", "(exp(x) - exp(-x)) / (exp(x) + exp(-x))"},
  };
}

// The text of a random formula with x and the parameters a and b, of at most that depth.
template <class Generator>
std::string random_formula(Generator& random, int depth) {
  const auto pick = [&](size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(random); };
  const auto inner = [&] { return random_formula(random, depth - 1); };
  if (depth <= 0) {
    const std::vector<std::string> leaves = {"x",   "a",    "b", "pi", "e", "2",
                                             "0.5", "1e-3", "x", "1",  "0", "300"};
    return leaves[pick(leaves.size())];
  }
  const std::vector<std::string> operators = {" + ", " - ",  " * ",  " / ", "^",
                                              " < ", " >= ", " == ", "+",   "*"};
  const std::vector<std::string> functions = {"exp", "log",  "tanh", "sigmoid",  "erf",    "relu",
                                              "abs", "sign", "sqrt", "softplus", "square", "Phi"};
  switch (pick(6)) {
    case 0:
      return functions[pick(functions.size())] + "(" + inner() + ")";
    case 1:
      return "-(" + inner() + ")";
    case 2:
      return (pick(2) != 0 ? "max(" : "min(") + inner() + ", " + inner() + ")";
    case 3:
      return "where(" + inner() + ", " + inner() + "," + inner() + ")";
    default:
      return "(" + inner() + ")" + operators[pick(operators.size())] + "(" + inner() + ")";
  }
}

}  // namespace actlab::test
