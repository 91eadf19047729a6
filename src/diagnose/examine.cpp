#include "diagnose/examine.h"

#include <torch/autograd.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/memory.h"
#include "core/stopwatch.h"
#include "diagnose/probe.h"
#include "diagnose/statistics.h"
#include "models/evaluating.h"

namespace actlab {
namespace {

using torch::Tensor;

// Not more than a usual batch of training, whose memory and kernels then serve here too.
constexpr int64_t kChunk = 100;

// A gradient of its own for each of so many examples: signs differ little from one to the next.
constexpr int64_t kSignExamples = 4;

// Calls use(span of the tensor's numbers), float or double, in the order of its indices.
template <class Use>
void with_values(const Tensor& tensor, Use use) {
  const Tensor flat = tensor.detach().to(torch::kCPU).contiguous();
  const auto size = static_cast<size_t>(flat.numel());
  if (flat.scalar_type() == torch::kFloat64) {
    use(std::span(flat.const_data_ptr<double>(), size));
  } else {
    const Tensor floats = flat.to(torch::kFloat32);
    use(std::span(floats.const_data_ptr<float>(), size));
  }
}

double l2_norm(const Tensor& tensor) {
  double squares = 0;
  with_values(tensor, [&](auto values) {
    for (const auto value : values) squares += static_cast<double>(value) * static_cast<double>(value);
  });
  return std::sqrt(squares);
}

std::map<std::string, double> learned_of(const Activation& activation) {
  std::map<std::string, double> learned;
  for (const auto& parameter : activation.named_parameters()) {
    learned[parameter.key()] = parameter.value().mean().item<double>();
  }
  return learned;
}

// Units of a weight gradient [out, ...] that have one, and those of them whose elements all have one sign.
// Zeros have none.
struct Signs {
  int64_t units = 0;
  int64_t one_signed = 0;

  void add(const Tensor& gradient) {
    const auto [low, high] = at::aminmax(gradient.flatten(1), 1);
    const Tensor up = high > 0;
    const Tensor down = low < 0;
    units += (up | down).sum().item<int64_t>();
    one_signed += (up ^ down).sum().item<int64_t>();
  }
  double share() const {
    return units > 0 ? static_cast<double>(one_signed) / static_cast<double>(units) : kUndefined;
  }
};

// The sum over the batches so far, in double.
void add_to(Tensor& sum, const Tensor& gradient) {
  const Tensor doubles = gradient.to(torch::kFloat64);
  sum = sum.defined() ? sum + doubles : doubles;
}

// One examination under way.
class Examiner {
 public:
  Examiner(Model& model, const ExaminedLoss& loss) : model_(model), loss_(loss) {
    // A network often has one activation throughout.
    std::map<std::pair<ActivationSpec, std::map<std::string, double>>, Thresholds> known;
    const auto add_layer = [&](const HiddenLayer& layer) {
      const auto [found, is_new] =
          known.try_emplace({layer.activation->spec(), learned_of(*layer.activation)});
      if (is_new) found->second = thresholds_of(*layer.activation);
      layers_.push_back({&layer, LayerStatistics(found->second), {}, {}, {}});
    };
    for (const auto& layer : model_.hidden()) add_layer(layer);
    add_layer(model_.last());
  }

  void add(const Tensor& inputs, const Tensor& labels) {
    const Probe probe(model_);
    const Tensor output = model_.forward(inputs);
    for (size_t i = 0; i < layers_.size(); ++i) add_forward(layers_[i].statistics, probe.sights()[i]);
    const int64_t first = std::exchange(seen_, seen_ + inputs.size(0));
    if (!finite_loss(loss_, output, labels, first, non_finite_)) return;
    Gradients gradients(layers_.size());
    for (size_t i = 0; i < layers_.size(); ++i) {
      gradients[i].delta = probe.sights()[i].input;
      gradients[i].weight = layers_[i].place->weight;
      gradients[i].bias = layers_[i].place->bias;
    }
    take_gradients(output, labels, gradients);
    for (size_t i = 0; i < layers_.size(); ++i) {
      Layer& layer = layers_[i];
      const auto& [weight, bias, delta] = gradients[i];
      if (weight.defined()) add_to(layer.gradient, weight);
      if (bias.defined()) add_to(layer.bias_gradient, bias);
      if (!delta.defined()) continue;
      const int64_t units = delta.size(1);
      const int64_t positions = delta.numel() / (delta.size(0) * units);
      with_values(delta, [&](auto values) { layer.statistics.add_deltas(values, units, positions); });
    }
    with_gradient_ += inputs.size(0);
  }

  // A gradient for each of these examples alone.
  void add_signs(const Tensor& inputs, const Tensor& labels) {
    for (int64_t i = 0; i < inputs.size(0); ++i) {
      const Tensor output = model_.forward(inputs.slice(0, i, i + 1));
      if (!output.isfinite().all().item<bool>()) continue;
      Gradients gradients(layers_.size());
      for (size_t j = 0; j < layers_.size(); ++j) gradients[j].weight = layers_[j].place->weight;
      take_gradients(output, labels.slice(0, i, i + 1), gradients);
      for (size_t j = 0; j < layers_.size(); ++j) {
        if (gradients[j].weight.defined()) layers_[j].signs.add(gradients[j].weight);
      }
    }
  }

  // Fills in the layers and the output.
  void write(Examination& examination) const {
    examination.non_finite = non_finite_;
    for (const auto& layer : layers_) examination.layers.push_back(record(layer, examination.examples));
    examination.output = std::move(examination.layers.back());
    examination.layers.pop_back();
    for (size_t i = 0; i + 1 < examination.layers.size(); ++i) {
      const double next = layers_[i + 1].statistics.delta_norm();
      if (next > 0) examination.layers[i].delta_ratio = layers_[i].statistics.delta_norm() / next;
    }
  }

 private:
  struct Layer {
    const HiddenLayer* place;
    LayerStatistics statistics;
    Tensor gradient;  // of the weight: the sum over examples, in double
    Tensor bias_gradient;
    Signs signs;
  };
  // Of one layer: what is asked, and then what was found. Undefined where there is none.
  struct Gradient {
    Tensor weight, bias, delta;
  };
  using Gradients = std::vector<Gradient>;

  static void add_forward(LayerStatistics& statistics, const Probe::Sight& sight) {
    if (!sight.output.defined()) return;
    const int64_t units = sight.output.size(1);
    const int64_t positions = sight.output.numel() / (sight.output.size(0) * units);
    with_values(sight.input, [&](auto values) { statistics.add_inputs(values); });
    with_values(sight.output, [&](auto values) { statistics.add_outputs(values, units, positions); });
    if (!sight.slope.defined()) return;
    with_values(sight.slope, [&](auto values) { statistics.add_slopes(values); });
  }

  // Puts the gradient of each tensor in its place. Of the sum of the examples' losses, so that deltas are
  // those of one example.
  void take_gradients(const Tensor& output, const Tensor& labels, Gradients& gradients) const {
    std::vector<Tensor> asked;
    std::vector<Tensor*> places;
    for (Tensor Gradient::*kind : {&Gradient::weight, &Gradient::bias, &Gradient::delta}) {
      for (auto& gradient : gradients) {
        if (!(gradient.*kind).defined()) continue;
        asked.push_back(std::exchange(gradient.*kind, Tensor()));
        places.push_back(&(gradient.*kind));
      }
    }
    const Tensor total = loss_(output, labels) * output.size(0);
    if (asked.empty() || !total.requires_grad()) return;
    const auto found = torch::autograd::grad({total}, asked, {}, std::nullopt, false, /*allow_unused=*/true);
    for (size_t i = 0; i < places.size(); ++i) *places[i] = found[i];
  }

  LayerRecord record(const Layer& layer, int64_t examples) const {
    const HiddenLayer& place = *layer.place;
    LayerRecord record;
    record.layer = place.name;
    record.activation = short_text(place.activation->spec());
    record.weight = place.weight_name();
    record.fan_in = place.fan_in();
    layer.statistics.write(record, examples);
    record.mean_delta = layer.statistics.mean_delta_norm(with_gradient_);
    record.learned = learned_of(*place.activation);
    if (!place.weight.defined()) return record;
    record.weight_norm = l2_norm(place.weight);
    record.one_sign_examples = layer.signs.share();
    if (!layer.gradient.defined()) return record;
    Signs batch;
    batch.add(layer.gradient);
    record.one_sign_batch = batch.share();
    const auto count = static_cast<double>(with_gradient_);
    record.weight_gradient = l2_norm(layer.gradient) / count;
    if (layer.bias_gradient.defined()) record.bias_gradient = l2_norm(layer.bias_gradient) / count;
    if (record.weight_norm > 0) record.gradient_ratio = record.weight_gradient / record.weight_norm;
    return record;
  }

  Model& model_;
  const ExaminedLoss& loss_;
  std::vector<Layer> layers_;  // the hidden ones, then the output
  int64_t seen_ = 0;           // examples
  int64_t with_gradient_ = 0;  // of them
  NonFinite non_finite_;
};

}  // namespace

Examination examine(Model& model, const ExaminedLoss& loss, const ExaminedSet& examples) {
  const Stopwatch watch;
  const at::AutoGradMode with_grad(true);
  const Evaluating evaluating(model);
  Examiner examiner(model, loss);
  const std::string what =
      "examining " + std::to_string(std::min(kChunk, examples.count)) + " examples at a time";
  for (int64_t first = 0; first < examples.count; first += kChunk) {
    with_memory_for(what, [&] {
      const auto [inputs, labels] = examples.gather(first, std::min(kChunk, examples.count - first));
      if (first == 0)
        examiner.add_signs(inputs.slice(0, 0, kSignExamples), labels.slice(0, 0, kSignExamples));
      examiner.add(inputs, labels);
    });
  }
  Examination examination;
  examination.examples = examples.count;
  examiner.write(examination);
  examination.seconds = watch.seconds();
  return examination;
}

UpdateRatio::UpdateRatio(const Model& model) : model_(model) {
  for (const auto& layer : model.hidden()) {
    before_.push_back(layer.weight.defined() ? layer.weight.detach().clone() : Tensor());
  }
}

std::vector<double> UpdateRatio::measure() const {
  std::vector<double> ratios(before_.size(), kUndefined);
  for (size_t i = 0; i < before_.size(); ++i) {
    if (!before_[i].defined()) continue;
    const double size = l2_norm(before_[i]);
    if (size > 0) ratios[i] = l2_norm(model_.hidden()[i].weight.detach() - before_[i]) / size;
  }
  return ratios;
}

void add_update_ratios(Examination& examination, const std::vector<double>& ratios) {
  for (size_t i = 0; i < examination.layers.size() && i < ratios.size(); ++i) {
    examination.layers[i].update_ratio = ratios[i];
  }
}

}  // namespace actlab
