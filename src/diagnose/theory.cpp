#include "diagnose/theory.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/autograd.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace actlab {
namespace {

using torch::Tensor;

// Moments of an activation whose outputs depend on several inputs, from a fixed sample of them. The
// derivative's is that of the Jacobian J: E|J|^2 over its number of outputs, by random projections.
ActivationMoments sampled_moments(const Activation& activation, int64_t width, double variance) {
  constexpr int64_t kNumbers = 1 << 19;
  const int64_t examples = std::clamp<int64_t>(kNumbers / width, 16, 4096);
  const at::AutoGradMode with_grad(true);
  auto generator = at::detail::createCPUGenerator(/*seed=*/1);
  Activation copy(activation.spec());
  copy.to(torch::kFloat64);
  copy.eval();
  const Tensor z = at::randn({examples, width}, generator, torch::kFloat64).mul_(std::sqrt(variance));
  const Tensor x = z.detach().requires_grad_(true);
  const Tensor y = copy.forward(x);
  const Tensor projection = at::randn(y.sizes(), generator, torch::kFloat64);
  const Tensor back = torch::autograd::grad({y}, {x}, {projection})[0];
  ActivationMoments moments;
  moments.mean = y.mean().item<double>();
  moments.second = y.square().mean().item<double>();
  moments.derivative_mean = kUndefined;
  moments.derivative_second = back.square().sum().item<double>() / static_cast<double>(y.numel());
  return moments;
}

// The critical points of the activations; a network often has one throughout.
class CriticalPoints {
 public:
  void write(LayerPrediction& prediction, const Activation& activation) {
    if (!activation.info().element_wise) return;
    const auto [found, is_new] = points_.try_emplace(activation.spec());
    CriticalPoint& point = found->second;
    if (is_new) point = critical_point(ActivationCurve(activation));
    if (!point.critical) return;
    prediction.critical_gain = std::sqrt(point.weight_variance);
    prediction.critical_bias_std = std::sqrt(point.bias_variance);
  }

 private:
  std::map<ActivationSpec, CriticalPoint> points_;
};

std::vector<std::string> notes_on(const Model& model) {
  std::vector<std::string> notes;
  const auto& layers = model.layers();
  if (std::ranges::any_of(layers, &BuiltLayer::mixes_batch))
    notes.emplace_back("batch norm is left out: it rescales every layer while training");
  if (model.convolutional() || std::ranges::any_of(layers, &BuiltLayer::max_pool))
    notes.emplace_back("max-pooling, padding and the likeness of neighbouring pixels are left out");
  return notes;
}

// Of the layer of that name; nullptr where there is none.
const LayerInit* init_of(const std::vector<LayerInit>& inits, const std::string& layer) {
  const auto found = std::ranges::find(inits, layer, &LayerInit::name);
  return found != inits.end() ? &*found : nullptr;
}

// A layer of the recursion; what the extrapolation continues with.
struct Step {
  const HiddenLayer* layer;
  double weight_variance;
  double bias_second;
  double variance;
  ActivationMoments moments;
};

std::vector<Step> recursion(const Model& model, const InitSpec& spec, double input_second) {
  const auto inits = layer_inits(model, spec);
  std::vector<Step> steps;
  double second = input_second;
  for (const auto& hidden : model.hidden()) {
    const LayerInit* init = init_of(inits, hidden.source);
    if (init == nullptr) break;
    const double q = init->weight_variance * second + init->bias_second;
    const Activation& activation = *hidden.activation;
    const ActivationMoments moments = activation.info().element_wise
                                          ? gaussian_moments(ActivationCurve(activation), q)
                                          : sampled_moments(activation, hidden.weight.size(0), q);
    steps.push_back({&hidden, init->weight_variance, init->bias_second, q, moments});
    second = moments.second;
  }
  return steps;
}

// Of N(0, variance), the share where the slope is exactly 0. Midpoints, so that of a half is a half.
double off_share(const ActivationCurve& curve, double variance) {
  constexpr int64_t kPoints = 4000;
  constexpr double kReach = 8;
  const Tensor z = (at::arange(kPoints, torch::kFloat64) + 0.5) * (2 * kReach / kPoints) - kReach;
  const Tensor density = at::exp(-z.square() / 2);
  const Tensor off = density * (curve.at(z * std::sqrt(variance)).slope == 0);
  return (off.sum() / density.sum()).item<double>();
}

double dead_probability_of(const std::vector<Step>& steps) {
  std::vector<OffShare> layers;
  for (const Step& step : steps) {
    const Activation& activation = *step.layer->activation;
    const bool one_by_one = activation.info().element_wise && std::isfinite(step.variance);
    const double share = one_by_one ? off_share(ActivationCurve(activation), step.variance) : 0;
    layers.push_back({step.layer->weight.size(0), share});
  }
  return dead_probability(layers);
}

// log10 of the gradient's factor through one more layer like the last.
double continued_decades(const std::vector<Step>& steps) {
  if (steps.size() < 2 || !steps.back().layer->activation->info().element_wise) return 0;
  const Step& last = steps.back();
  const FixedPoint point = fixed_point(ActivationCurve(*last.layer->activation), last.weight_variance,
                                       last.bias_second, last.variance);
  const double decades = std::log10(point.chi) / 2;
  constexpr double kNothing = 1e-9;
  return std::isfinite(decades) && std::abs(decades) > kNothing ? decades : 0;
}

// After how many layers the sum of decades passes `limit` (either sign).
double depth_of(const std::vector<double>& decades, double continued, double limit) {
  const auto passed = [&](double sum) { return limit < 0 ? sum <= limit : sum >= limit; };
  double sum = 0;
  double depth = 0;
  for (auto layer = decades.rbegin(); layer != decades.rend(); ++layer, ++depth) {
    if (passed(sum + *layer)) return depth + (limit - sum) / *layer;
    sum += *layer;
  }
  return continued * limit > 0 ? depth + (limit - sum) / continued : kUndefined;
}

}  // namespace

FixedPoint fixed_point(const ActivationCurve& curve, double weight_variance, double bias_second,
                       double start) {
  constexpr int kIterations = 100;
  constexpr double kTolerance = 1e-12;
  constexpr double kEndless = 1e12;
  double q = start;
  const auto next = [&](double variance) {
    return weight_variance * gaussian_moments(curve, variance).second + bias_second;
  };
  for (int i = 0; i < kIterations && q > 1 / kEndless && q < kEndless; ++i) {
    const double first = next(q);
    const double second = next(first);
    // Steffensen's step: convergence can be slow near the critical point.
    const double bend = second - 2 * first + q;
    const double leap = q - (first - q) * (first - q) / bend;
    const bool usable = std::isfinite(leap) && leap > 0 && std::abs(second - first) < std::abs(first - q);
    const double better = usable ? leap : second;
    const bool settled = std::abs(first - q) <= kTolerance * q || !std::isfinite(better);
    q = settled ? first : better;
    if (settled) break;
  }
  const double chi = weight_variance * gaussian_moments(curve, q).derivative_second;
  return {q < kEndless ? q : std::numeric_limits<double>::infinity(), chi};
}

Theory predict(const Model& model, const InitSpec& init, double input_second) {
  Theory theory;
  theory.notes = notes_on(model);
  const auto steps = recursion(model, init, input_second);
  const bool symmetric = init.bias.type != "constant";
  if (!steps.empty() && symmetric) theory.dead_probability = dead_probability_of(steps);
  CriticalPoints critical;
  for (const auto& hidden : model.hidden()) {
    LayerPrediction& layer = theory.layers.emplace_back();
    layer.layer = hidden.name;
    critical.write(layer, *hidden.activation);
    const size_t i = theory.layers.size() - 1;
    if (i >= steps.size()) continue;
    const Step& step = steps[i];
    layer.gain = std::sqrt(step.weight_variance);
    layer.bias_std = std::sqrt(step.bias_second);
    layer.pre_std = std::sqrt(step.variance);
    layer.mean = step.moments.mean;
    layer.std = std::sqrt(std::max(0.0, step.moments.second - step.moments.mean * step.moments.mean));
    if (i + 1 < steps.size())
      layer.delta_ratio = std::sqrt(steps[i + 1].weight_variance * step.moments.derivative_second);
  }
  if (steps.size() < model.hidden().size()) {
    theory.notes.push_back("it ends before " + model.hidden()[steps.size()].name + ", which no weights feed");
    return theory;
  }
  std::vector<double> decades;
  for (const auto& layer : theory.layers) {
    if (!std::isnan(layer.delta_ratio)) decades.push_back(std::log10(layer.delta_ratio));
  }
  double gradient = 1;
  for (auto layer = theory.layers.rbegin(); layer != theory.layers.rend(); ++layer) {
    if (!std::isnan(layer->delta_ratio)) gradient *= layer->delta_ratio;
    layer->gradient = gradient;
  }
  const double continued = continued_decades(steps);
  theory.vanishing_depth = depth_of(decades, continued, std::log10(kLostGradient));
  theory.exploding_depth = depth_of(decades, continued, -std::log10(kLostGradient));
  return theory;
}

}  // namespace actlab
