#include "activation/table_groups.h"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>
#include <tuple>

#include "activation/moments.h"

namespace actlab {
namespace {

using torch::Tensor;
using Arguments = ActivationArguments;

int64_t half(int64_t in, const Arguments&) {
  return in % 2 == 0 ? in / 2 : 0;
}

int64_t pieces_of(const Arguments& a) {
  return static_cast<int64_t>(a.constants[0]);
}

// Not by at::maximum piece by piece, whose backward pass takes ten times as long.
Tensor maxout(const Tensor& x, const Arguments& a) {
  const Tensor largest = std::get<0>(x.unflatten(1, {pieces_of(a), -1}).max(1));
  return x.dim() == 4 ? largest.contiguous(x.suggest_memory_format()) : largest;
}

// The largest of k has the density k phi(z) Phi(z)^(k - 1).
OutputMoments maxout_moments(const Arguments& a) {
  const auto k = static_cast<double>(pieces_of(a));
  const auto expectation = [k](auto f) {
    const auto integrand = [&](double z) {
      const double density = std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
      return f(z) * k * density * std::pow(std::erfc(-z / std::numbers::sqrt2) / 2, k - 1);
    };
    return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(integrand, -12, 12, 10, 1e-13);
  };
  return {expectation([](double z) { return z; }), expectation([](double z) { return z * z; })};
}

// Of a * gate(b): a has mean 0 and variance 1, and nothing to do with b.
OutputMoments gated_moments(const char* gate) {
  return {0, gaussian_moments(ActivationCurve(ActivationSpec{gate, {}})).second};
}

// a * gate(b) of the halves [a, b].
template <class Gate>
Tensor gated(const Tensor& x, Gate gate) {
  const auto halves = x.chunk(2, 1);
  return halves[0] * gate(halves[1]);
}

}  // namespace

const std::vector<ActivationInfo> kGroupActivations = {
    {.name = "softmax",
     .formula = "exp(x_i) / sum_j exp(x_j), over features or channels",
     .derivative = "dy_i/dx_j = y_i * ((i == j) - y_j)",
     .range = "(0, 1), with sum 1",
     .source = "Bridle 1990, Training stochastic model recognition algorithms as networks",
     .element_wise = false,
     .apply = [](const Tensor& x, const Arguments&) { return at::softmax(x, 1); }},
    {.name = "log_softmax",
     .formula = "x_i - log(sum_j exp(x_j)), over features or channels",
     .derivative = "dy_i/dx_j = (i == j) - exp(y_j)",
     .range = "(-inf, 0)",
     .source = "the logarithm of softmax",
     .element_wise = false,
     .apply = [](const Tensor& x, const Arguments&) { return at::log_softmax(x, 1); }},
    {.name = "softmin",
     .formula = "exp(-x_i) / sum_j exp(-x_j), over features or channels",
     .derivative = "dy_i/dx_j = y_i * (y_j - (i == j))",
     .range = "(0, 1), with sum 1",
     .source = "the softmax of -x",
     .element_wise = false,
     .apply = [](const Tensor& x, const Arguments&) { return at::softmax(-x, 1); }},
    {.name = "maxout",
     .formula = "max(a, b, ...) of the equal pieces [a, b, ...] of the features or channels",
     .derivative = "1 for the largest, 0 for the others",
     .range = "(-inf, inf)",
     .parameters = {{"pieces", 2, between(2, 1024)}},
     .source = "Goodfellow et al. 2013, Maxout networks",
     .note = "the width is divided by pieces",
     .element_wise = false,
     .problem =
         [](const Arguments& a) {
           return std::string(a.constants[0] == std::floor(a.constants[0]) ? "" : "pieces must be whole");
         },
     .apply = maxout,
     .width = [](int64_t in, const Arguments& a) { return in % pieces_of(a) == 0 ? in / pieces_of(a) : 0; },
     .moments = maxout_moments},
    {.name = "crelu",
     .formula = "[max(x, 0), max(-x, 0)], one after the other along the features or channels",
     .derivative = "[where(x > 0, 1, 0), where(x < 0, -1, 0)]",
     .range = "[0, inf)",
     .source = "Shang et al. 2016, Understanding and improving convolutional neural networks via "
               "concatenated rectified linear units",
     .note = "the width is doubled",
     .element_wise = false,
     .apply = [](const Tensor& x, const Arguments&) { return at::cat({x, -x}, 1).relu_(); },
     .width = [](int64_t in, const Arguments&) { return 2 * in; },
     .moments = [](const Arguments&) { return OutputMoments{1 / std::sqrt(2 * std::numbers::pi), 0.5}; }},
    {.name = "glu",
     .formula = "a * sigmoid(b) of the halves [a, b] of the features or channels",
     .derivative = "dy/da = sigmoid(b), dy/db = a * sigmoid(b) * (1 - sigmoid(b))",
     .range = "(-inf, inf)",
     .source = "Dauphin et al. 2017, Language modeling with gated convolutional networks",
     .note = "the width is halved",
     .element_wise = false,
     .apply = [](const Tensor& x, const Arguments&) { return at::glu(x, 1); },
     .width = half,
     .moments = [](const Arguments&) { return gated_moments("sigmoid"); }},
    {.name = "reglu",
     .formula = "a * max(b, 0) of the halves [a, b] of the features or channels",
     .derivative = "dy/da = max(b, 0), dy/db = where(b > 0, a, 0)",
     .range = "(-inf, inf)",
     .source = "Shazeer 2020, GLU variants improve transformer",
     .note = "the width is halved",
     .element_wise = false,
     .apply = [](const Tensor& x,
                 const Arguments&) { return gated(x, [](const Tensor& b) { return at::relu(b); }); },
     .width = half,
     .moments = [](const Arguments&) { return gated_moments("relu"); }},
    {.name = "geglu",
     .formula = "a * gelu(b) of the halves [a, b] of the features or channels",
     .derivative = "dy/da = gelu(b), dy/db = a * gelu'(b)",
     .range = "(-inf, inf)",
     .source = "Shazeer 2020, GLU variants improve transformer",
     .note = "the width is halved",
     .element_wise = false,
     .apply = [](const Tensor& x,
                 const Arguments&) { return gated(x, [](const Tensor& b) { return at::gelu(b); }); },
     .width = half,
     .moments = [](const Arguments&) { return gated_moments("gelu"); }},
    {.name = "swiglu",
     .formula = "a * silu(b) of the halves [a, b] of the features or channels",
     .derivative = "dy/da = silu(b), dy/db = a * silu'(b)",
     .range = "(-inf, inf)",
     .source = "Shazeer 2020, GLU variants improve transformer",
     .note = "the width is halved",
     .element_wise = false,
     .apply = [](const Tensor& x,
                 const Arguments&) { return gated(x, [](const Tensor& b) { return at::silu(b); }); },
     .width = half,
     .moments = [](const Arguments&) { return gated_moments("silu"); }},
};

}  // namespace actlab
