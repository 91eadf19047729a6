#include "models/activation.h"

#include <algorithm>
#include <limits>

#include "core/error.h"
#include "core/suggest.h"

namespace actlab {
namespace {

using torch::Tensor;
using Arguments = ActivationArguments;

constexpr bool kNonDecreasing = true;
constexpr bool kElementWise = true;

// max(x, 0) + slope * min(x, 0) is non-decreasing only for slopes from 0 on.
constexpr Range kSlope = {.min = 0, .max = 1e6};

// In the order of the documentation.
const std::vector<ActivationInfo> kTable = {
    {"identity", "x", {}, kNonDecreasing, kElementWise, [](const Tensor& x, const Arguments&) { return x; }},
    {"sigmoid",
     "1 / (1 + exp(-x))",
     {},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::sigmoid(x); }},
    {"tanh",
     "(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
     {},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::tanh(x); }},
    {"relu",
     "max(0, x)",
     {},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::relu(x); }},
    {"leaky_relu",
     "x if x > 0, else negative_slope * x",
     {{"negative_slope", 0.01, kSlope}},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments& a) { return at::leaky_relu(x, a.constants[0]); }},
    {"prelu",
     "x if x > 0, else a * x; a is learned and starts at init",
     {{"init", 0.25, between(-1e6, 1e6), /*learned=*/true}},
     !kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments& a) { return at::prelu(x, a.learned[0]); }},
    {"elu",
     "x if x > 0, else alpha * (exp(x) - 1)",
     {{"alpha", 1.0, kSlope}},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments& a) { return at::elu(x, a.constants[0]); }},
    {"celu",
     "max(0, x) + min(0, alpha * (exp(x / alpha) - 1))",
     {{"alpha", 1.0, above_zero(1e6)}},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments& a) { return at::celu(x, a.constants[0]); }},
    {"selu",
     "1.0507 * (x if x > 0, else 1.6733 * (exp(x) - 1))",
     {},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::selu(x); }},
    {"relu6",
     "min(max(0, x), 6)",
     {},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::hardtanh(x, 0, 6); }},
    {"gelu",
     "x * Phi(x), Phi the normal distribution function",
     {},
     !kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::gelu(x); }},
    {"gelu_tanh",
     "x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))",
     {},
     !kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::gelu(x, "tanh"); }},
    {"silu",
     "x / (1 + exp(-x))",
     {},
     !kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::silu(x); }},
    {"mish",
     "x * tanh(log(1 + exp(x)))",
     {},
     !kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::mish(x); }},
    {"softplus",
     "log(1 + exp(beta * x)) / beta",
     {{"beta", 1.0, above_zero(1e6)}},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments& a) { return at::softplus(x, a.constants[0]); }},
    {"softsign",
     "x / (1 + |x|)",
     {},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return x / (1 + x.abs()); }},
    {"hardtanh",
     "min(max(-1, x), 1)",
     {},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::hardtanh(x); }},
    {"hardsigmoid",
     "min(max(0, x / 6 + 1 / 2), 1)",
     {},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::hardsigmoid(x); }},
    {"hardswish",
     "x * min(max(0, x / 6 + 1 / 2), 1)",
     {},
     !kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::hardswish(x); }},
    {"log_sigmoid",
     "log(1 / (1 + exp(-x)))",
     {},
     kNonDecreasing,
     kElementWise,
     [](const Tensor& x, const Arguments&) { return at::log_sigmoid(x); }},
    {"softmax",
     "exp(x_i) / sum_j exp(x_j), over features or channels",
     {},
     !kNonDecreasing,
     !kElementWise,
     [](const Tensor& x, const Arguments&) { return at::softmax(x, 1); }},
    {"log_softmax",
     "x_i - log(sum_j exp(x_j)), over features or channels",
     {},
     !kNonDecreasing,
     !kElementWise,
     [](const Tensor& x, const Arguments&) { return at::log_softmax(x, 1); }},
};

}  // namespace

const std::vector<ActivationInfo>& activation_table() {
  return kTable;
}

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const auto& info : activation_table()) names.push_back(info.name);
  return names;
}

const ActivationInfo& find_activation(const std::string& name) {
  const auto& table = activation_table();
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& info) { return info.name == name; });
  if (found != table.end()) return *found;
  throw Error(ExitStatus::kUsage, "unknown activation '" + name + "'" +
                                      did_you_mean(name, activation_names()) +
                                      "; there are: " + join(activation_names()));
}

Activation::Activation(const ActivationSpec& spec) : info_(find_activation(spec.type)) {
  std::vector<std::string> known;
  for (const auto& parameter : info_.parameters) {
    known.push_back(parameter.name);
    const auto given = spec.parameters.find(parameter.name);
    const double value = given == spec.parameters.end() ? parameter.value : given->second;
    if (!parameter.range.contains(value)) {
      throw Error(ExitStatus::kUsage, "activation " + info_.name + ": " + parameter.name + " must be " +
                                          parameter.range.text() + ", not " + std::to_string(value));
    }
    if (parameter.learned) {
      arguments_.learned.push_back(register_parameter("weight", torch::full({1}, value)));
    } else {
      arguments_.constants.push_back(value);
    }
  }
  for (const auto& [name, value] : spec.parameters) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw Error(ExitStatus::kUsage,
                "activation " + info_.name + " has no parameter '" + name + "'" + did_you_mean(name, known));
  }
}

}  // namespace actlab
