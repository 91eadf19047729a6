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

struct WeightInit {
  std::string type;
  void (*draw)(Tensor weight, const InitSpec& spec);
  double (*variance)(const Tensor& weight, const InitSpec& spec);  // of one weight
};

double he_variance(const Tensor& w, const InitSpec&) {
  return 2 / fan_in(w);
}

double xavier_variance(const Tensor& w, const InitSpec&) {
  return 2 / (fan_in(w) + fan_out(w));
}

const std::vector<WeightInit>& weight_inits() {
  static const std::vector<WeightInit> table = {
      {"default", [](Tensor, const InitSpec&) {},
       [](const Tensor& w, const InitSpec&) { return 1 / (3 * fan_in(w)); }},
      {"he_normal",
       [](Tensor w, const InitSpec&) { init::kaiming_normal_(w, 0, torch::kFanIn, torch::kReLU); },
       he_variance},
      {"he_uniform",
       [](Tensor w, const InitSpec&) { init::kaiming_uniform_(w, 0, torch::kFanIn, torch::kReLU); },
       he_variance},
      {"xavier_normal", [](Tensor w, const InitSpec&) { init::xavier_normal_(w); }, xavier_variance},
      {"xavier_uniform", [](Tensor w, const InitSpec&) { init::xavier_uniform_(w); }, xavier_variance},
      {"lecun_normal", [](Tensor w, const InitSpec&) { w.normal_(0, 1 / std::sqrt(fan_in(w))); },
       [](const Tensor& w, const InitSpec&) { return 1 / fan_in(w); }},
      {"orthogonal", [](Tensor w, const InitSpec&) { init::orthogonal_(w); },
       [](const Tensor& w, const InitSpec&) { return 1 / std::max(fan_in(w), double(w.size(0))); }},
      {"normal", [](Tensor w, const InitSpec& spec) { w.normal_(0, spec.std); },
       [](const Tensor&, const InitSpec& spec) { return square(spec.std); }},
      {"truncated_normal", [](Tensor w, const InitSpec& spec) { truncated_normal(w, spec.std); },
       [](const Tensor&, const InitSpec& spec) { return square(spec.std) * truncated_variance(); }},
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
    throw Error(ExitStatus::kUsage, "unknown bias initialisation '" + spec.type + "'" +
                                        did_you_mean(spec.type, BiasInit::types()));
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
  throw Error(ExitStatus::kUsage,
              "unknown initialisation '" + type + "'" + did_you_mean(type, InitSpec::types()));
}

}  // namespace

std::vector<std::string> InitSpec::types() {
  std::vector<std::string> names;
  for (const auto& row : weight_inits()) names.push_back(row.type);
  names.emplace_back(kAuto);
  return names;
}

std::vector<LayerInit> layer_inits(const Model& model, const InitSpec& spec) {
  std::vector<LayerInit> layers;
  if (spec.type == kAuto) {
    layers = critical_layer_inits(model);
  } else {
    const WeightInit& init = find_init(spec.type);
    for (const auto& layer : model.layers()) {
      const Tensor& w = layer.weight;
      if (w.defined()) layers.push_back({layer.name, w, layer.bias, init.variance(w, spec) * fan_in(w), 0});
    }
  }
  for (auto& layer : layers) {
    const bool automatic = spec.type == kAuto && spec.bias.type == "default";
    if (!layer.bias.defined()) {
      layer.bias_second = 0;
    } else if (!automatic) {
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
    init.draw(layer.weight, spec);
    draw_bias(layer.bias, spec.bias);
  }
}

}  // namespace actlab
