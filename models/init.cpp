#include "models/init.h"

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/suggest.h"

namespace actlab {
namespace {

namespace init = torch::nn::init;
using torch::Tensor;

double fan_in(const Tensor& weight) {
  return static_cast<double>(weight.numel() / weight.size(0));
}

// By the inverse of the distribution function, so that the number of draws does not depend on the values.
void truncated_normal(Tensor weight, double std) {
  const double reach = std::erf(2 / std::numbers::sqrt2);
  weight.uniform_(-reach, reach).erfinv_().mul_(std::numbers::sqrt2 * std).clamp_(-2 * std, 2 * std);
}

struct WeightInit {
  std::string type;
  void (*draw)(Tensor weight, const InitSpec& spec);
};

const std::vector<WeightInit>& weight_inits() {
  static const std::vector<WeightInit> table = {
      {"default", [](Tensor, const InitSpec&) {}},
      {"he_normal",
       [](Tensor w, const InitSpec&) { init::kaiming_normal_(w, 0, torch::kFanIn, torch::kReLU); }},
      {"he_uniform",
       [](Tensor w, const InitSpec&) { init::kaiming_uniform_(w, 0, torch::kFanIn, torch::kReLU); }},
      {"xavier_normal", [](Tensor w, const InitSpec&) { init::xavier_normal_(w); }},
      {"xavier_uniform", [](Tensor w, const InitSpec&) { init::xavier_uniform_(w); }},
      {"lecun_normal", [](Tensor w, const InitSpec&) { w.normal_(0, 1 / std::sqrt(fan_in(w))); }},
      {"orthogonal", [](Tensor w, const InitSpec&) { init::orthogonal_(w); }},
      {"normal", [](Tensor w, const InitSpec& spec) { w.normal_(0, spec.std); }},
      {"truncated_normal", [](Tensor w, const InitSpec& spec) { truncated_normal(w, spec.std); }},
  };
  return table;
}

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

}  // namespace

std::vector<std::string> InitSpec::types() {
  std::vector<std::string> names;
  for (const auto& row : weight_inits()) names.push_back(row.type);
  return names;
}

void initialize(torch::nn::Module& module, const InitSpec& spec) {
  const WeightInit* chosen = nullptr;
  for (const auto& row : weight_inits()) {
    if (row.type == spec.type) chosen = &row;
  }
  if (chosen == nullptr) {
    throw Error(ExitStatus::kUsage,
                "unknown initialisation '" + spec.type + "'" + did_you_mean(spec.type, InitSpec::types()));
  }
  torch::NoGradGuard no_grad;
  module.apply([&](torch::nn::Module& m) {
    if (auto* linear = m.as<torch::nn::Linear>()) {
      chosen->draw(linear->weight, spec);
      draw_bias(linear->bias, spec.bias);
    } else if (auto* conv = m.as<torch::nn::Conv2d>()) {
      chosen->draw(conv->weight, spec);
      draw_bias(conv->bias, spec.bias);
    }
  });
}

}  // namespace actlab
