#include "diagnose/probe.h"

#include "models/activation_moments.h"

namespace actlab {
namespace {

using torch::Tensor;

// f' at x, from the graph that led from x to y.
Tensor slope_at(const Tensor& x, const Tensor& y) {
  if (!y.requires_grad()) return at::zeros_like(x);  // a constant function
  const Tensor slope = torch::autograd::grad({y}, {x}, {at::ones_like(y)}, /*retain_graph=*/true, false,
                                             /*allow_unused=*/true)[0];
  return slope.defined() ? slope : at::zeros_like(x);
}

}  // namespace

Probe::Probe(Model& model) : model_(model), sights_(model.hidden().size()) {
  for (const auto& layer : model_.hidden()) layer.activation->attach(this);
}

Probe::~Probe() {
  for (const auto& layer : model_.hidden()) layer.activation->attach(nullptr);
}

void Probe::observe(const Activation& activation, const Tensor& input, const Tensor& output) {
  const auto& hidden = model_.hidden();
  for (size_t i = 0; i < hidden.size(); ++i) {
    if (hidden[i].activation.get() != &activation) continue;
    const bool sloped = activation.info().element_wise && input.requires_grad();
    sights_[i] = {input, output, sloped ? slope_at(input, output) : Tensor()};
  }
}

Thresholds thresholds_of(const Activation& activation) {
  if (!activation.info().element_wise) return {};
  const Tensor far = at::logspace(1, 10, 91, 10, torch::kFloat64);
  const Tensor x = at::cat({-far.flip(0), at::linspace(-10, 10, 20001, torch::kFloat64), far});
  const auto [value, slope] = ActivationCurve(activation).at(x);
  const Tensor steepness = slope.abs();
  const double steepest = steepness.index({steepness.isfinite()}).max().item<double>();
  // What still grows in the last decade has no bound.
  const Tensor inner = value.slice(0, 10, -10);
  const auto bound = [](const Tensor& near, const Tensor& all) {
    const double at_near = near.item<double>();
    const double at_all = all.item<double>();
    return std::abs(at_all - at_near) <= 1e-6 * std::max(1.0, std::abs(at_near)) ? at_all : kUndefined;
  };
  return thresholds_of(steepest, bound(inner.min(), value.min()), bound(inner.max(), value.max()));
}

}  // namespace actlab
