#include "diagnose/probe.h"

#include <torch/autograd.h>

#include "activation/shape.h"

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

Probe::Probe(Model& model) : model_(model), sights_(model.hidden().size() + 1) {
  for (const auto& layer : model_.hidden()) layer.activation->attach(this);
  model_.last().activation->attach(this);
}

Probe::~Probe() {
  for (const auto& layer : model_.hidden()) layer.activation->attach(nullptr);
  model_.last().activation->attach(nullptr);
}

void Probe::observe(const Activation& activation, const Tensor& input, const Tensor& output) {
  const auto& hidden = model_.hidden();
  for (size_t i = 0; i < sights_.size(); ++i) {
    const HiddenLayer& layer = i < hidden.size() ? hidden[i] : model_.last();
    if (layer.activation.get() != &activation) continue;
    const bool sloped = activation.info().element_wise && input.requires_grad();
    sights_[i] = {input, output, sloped ? slope_at(input, output) : Tensor()};
  }
}

Thresholds thresholds_of(const Activation& activation) {
  if (!activation.info().element_wise) return {};
  const auto [low, high, steepest, switches] = activation_bounds(ActivationCurve(activation));
  return thresholds_of(steepest, low, high, switches);
}

}  // namespace actlab
