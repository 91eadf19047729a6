#include "models/init.h"

#include <torch/nn/init.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/suggest.h"
#include "models/init_auto.h"
#include "models/model.h"

namespace actlab {
namespace {

namespace init = torch::nn::init;
using torch::Tensor;

double fan_in(const Tensor& weight) {
  return static_cast<double>(weight.numel() / weight.size(0));
}

double fan_out(const Tensor& weight) {
  return static_cast<double>(weight.numel() / weight.size(1));
}

double square(double x) {
  return x * x;
}

// By the inverse of the distribution function, so that the number of draws does not depend on the values.
void truncated_normal(Tensor weight, double std) {
  const double reach = std::erf(2 / std::numbers::sqrt2);
  weight.uniform_(-reach, reach).erfinv_().mul_(std::numbers::sqrt2 * std).clamp_(-2 * std, 2 * std);
}

// Of N(0, 1) cut at two standard deviations: 1 - 4 phi(2) / (2 Phi(2) - 1).
double truncated_variance() {
  const double density = std::exp(-2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  return 1 - 4 * density / std::erf(2 / std::numbers::sqrt2);
}

// Weights and bias of a unit, [out, 1 + fan-in] together, are normal but for one of them each, which is the
// larger of two uniform numbers: Beta(2, 1). A unit without a bias draws one all the same.
void randomised_asymmetric(Tensor weight, Tensor bias, double gain) {
  const int64_t units = weight.size(0);
  const Tensor both = at::empty({units, weight.numel() / units + 1});
  both.normal_(0, gain / std::sqrt(fan_in(weight)));
  const Tensor chosen = at::randint(both.size(1), {units, 1}, torch::kInt64);
  both.scatter_(1, chosen, at::rand({units, 1}).sqrt_());
  weight.copy_(both.slice(1, 0, -1).view_as(weight));
  if (bias.defined()) bias.copy_(both.select(1, -1));
}

// E[entry^2] of one of them: Beta(2, 1) has 1/2.
double asymmetric_second(const Tensor& weight, double gain) {
  const double n = fan_in(weight);
  return (square(gain) + 0.5) / (n + 1);
}

struct WeightInit {
  std::string type;
  std::optional<double> gain;  // what it takes for one unless told; empty where it takes none
  void (*draw)(Tensor weight, double gain, const InitSpec& spec);
  double (*second)(const Tensor& weight, double gain, const InitSpec& spec);  // E[weight^2]
  bool with_bias = false;  // biases come of the same distribution, by randomised_asymmetric
};

double fan_in_second(const Tensor& w, double gain, const InitSpec&) {
  return square(gain) / fan_in(w);
}

double xavier_second(const Tensor& w, double gain, const InitSpec&) {
  return square(gain) * 2 / (fan_in(w) + fan_out(w));
}

const std::vector<WeightInit>& weight_inits() {
  constexpr auto fan_in_normal = [](Tensor w, double gain, const InitSpec&) {
    w.normal_(0, gain / std::sqrt(fan_in(w)));
  };
  constexpr std::nullopt_t none = std::nullopt;
  static const std::vector<WeightInit> table = {
      {"default", none, [](Tensor, double, const InitSpec&) {},
       [](const Tensor& w, double, const InitSpec&) { return 1 / (3 * fan_in(w)); }},
      {"he_normal", std::numbers::sqrt2, fan_in_normal, fan_in_second},
      {"he_uniform", std::numbers::sqrt2,
       [](Tensor w, double gain, const InitSpec&) {
         const double bound = std::sqrt(3.0) * (gain / std::sqrt(fan_in(w)));
         w.uniform_(-bound, bound);
       },
       fan_in_second},
      {"xavier_normal", 1, [](Tensor w, double gain, const InitSpec&) { init::xavier_normal_(w, gain); },
       xavier_second},
      {"xavier_uniform", 1, [](Tensor w, double gain, const InitSpec&) { init::xavier_uniform_(w, gain); },
       xavier_second},
      {"lecun_normal", 1, fan_in_normal, fan_in_second},
      {"orthogonal", 1, [](Tensor w, double gain, const InitSpec&) { init::orthogonal_(w, gain); },
       [](const Tensor& w, double gain, const InitSpec&) {
         return square(gain) / std::max(fan_in(w), double(w.size(0)));
       }},
      {"normal", none, [](Tensor w, double, const InitSpec& spec) { w.normal_(0, spec.std); },
       [](const Tensor&, double, const InitSpec& spec) { return square(spec.std); }},
      {"truncated_normal", none,
       [](Tensor w, double, const InitSpec& spec) { truncated_normal(w, spec.std); },
       [](const Tensor&, double, const InitSpec& spec) { return square(spec.std) * truncated_variance(); }},
      {"rai", 0.6007, [](Tensor, double, const InitSpec&) {},
       [](const Tensor& w, double gain, const InitSpec&) { return asymmetric_second(w, gain); },
       /*with_bias=*/true},
  };
  return table;
}

const char* const kAuto = "auto";

void draw_bias(Tensor bias, const BiasInit& spec) {
  if (!bias.defined() || spec.type == "default") return;
  if (spec.type == "zero") {
    bias.zero_();
  } else if (spec.type == "constant") {
    bias.fill_(spec.value);
  } else if (spec.type == "normal") {
    bias.normal_(0, spec.std);
  } else {
    throw Error(ExitStatus::kUsage, unknown_name("bias initialisation", spec.type, BiasInit::types()));
  }
}

// E[bias^2].
double bias_second(const BiasInit& spec, const Tensor& weight) {
  if (spec.type == "zero") return 0;
  if (spec.type == "constant") return square(spec.value);
  if (spec.type == "normal") return square(spec.std);
  return 1 / (3 * fan_in(weight));
}

const WeightInit& find_init(const std::string& type) {
  for (const auto& row : weight_inits()) {
    if (row.type == type) return row;
  }
  throw Error(ExitStatus::kUsage, unknown_name("initialisation", type, InitSpec::types()));
}

double gain_of(const WeightInit& init, const InitSpec& spec) {
  return spec.gain.value_or(init.gain.value_or(1));
}

}  // namespace

std::vector<std::string> InitSpec::types() {
  std::vector<std::string> names;
  for (const auto& row : weight_inits()) names.push_back(row.type);
  names.emplace_back(kAuto);
  return names;
}

std::optional<double> InitSpec::usual_gain(const std::string& type) {
  return type == kAuto ? std::nullopt : find_init(type).gain;
}

std::vector<LayerInit> layer_inits(const Model& model, const InitSpec& spec) {
  std::vector<LayerInit> layers;
  if (spec.type == kAuto) {
    layers = critical_layer_inits(model);
  } else {
    const WeightInit& init = find_init(spec.type);
    for (const auto& layer : model.layers()) {
      const Tensor& w = layer.weight;
      if (!w.defined()) continue;
      const double second = init.second(w, gain_of(init, spec), spec);
      layers.push_back({layer.name, w, layer.bias, second * fan_in(w), init.with_bias ? second : 0});
    }
  }
  for (auto& layer : layers) {
    const bool own = spec.type == kAuto || find_init(spec.type).with_bias;
    if (!layer.bias.defined()) {
      layer.bias_second = 0;
    } else if (!own || spec.bias.type != "default") {
      layer.bias_second = bias_second(spec.bias, layer.weight);
    }
  }
  return layers;
}

void initialize(Model& model, const InitSpec& spec) {
  const torch::NoGradGuard no_grad;
  if (spec.type == kAuto) {
    for (auto& layer : layer_inits(model, spec)) {
      // A variance of 0 is drawn too: every activation then gets the same draws.
      layer.weight.normal_().mul_(std::sqrt(layer.weight_variance / fan_in(layer.weight)));
      if (layer.bias.defined()) layer.bias.normal_().mul_(std::sqrt(layer.bias_second));
      draw_bias(layer.bias, spec.bias);
    }
    return;
  }
  const WeightInit& init = find_init(spec.type);
  for (const auto& layer : model.layers()) {
    if (!layer.weight.defined()) continue;
    if (init.with_bias) randomised_asymmetric(layer.weight, layer.bias, gain_of(init, spec));
    init.draw(layer.weight, gain_of(init, spec), spec);
    draw_bias(layer.bias, spec.bias);
  }
}

}  // namespace actlab
