#include "diagnose/examine.h"

#include <torch/autograd.h>

#include <algorithm>
#include <cmath>
#include <map>

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

// One examination under way.
class Examiner {
 public:
  Examiner(Model& model, const ExaminedLoss& loss) : model_(model), loss_(loss) {
    // A network often has one activation throughout.
    std::map<std::pair<ActivationSpec, std::map<std::string, double>>, Thresholds> known;
    for (const auto& layer : model_.hidden()) {
      const auto [found, is_new] =
          known.try_emplace({layer.activation->spec(), learned_of(*layer.activation)});
      if (is_new) found->second = thresholds_of(*layer.activation);
      layers_.push_back({LayerStatistics(found->second), {}, {}});
      if (layer.weight.defined()) weights_.push_back(layer.weight);
    }
  }

  void add(const Tensor& inputs, const Tensor& labels) {
    const Probe probe(model_);
    const Tensor output = model_.forward(inputs);
    for (size_t i = 0; i < layers_.size(); ++i) add_forward(layers_[i].statistics, probe.sights()[i]);
    // Losses stop with an assertion of their own on a NaN.
    if (!output.isfinite().all().item<bool>()) return;
    std::vector<Tensor> asked = weights_;
    for (const auto& sight : probe.sights()) asked.push_back(sight.input);
    const auto gradients = gradients_of(output, labels, asked);
    for (size_t i = 0; i < layers_.size(); ++i) {
      const Tensor& delta = gradients[weights_.size() + i];
      if (delta.defined()) {
        with_values(delta, [&](auto values) { layers_[i].statistics.add_deltas(values); });
      }
    }
    with_gradient_ += inputs.size(0);
    for_each_weight(gradients, [](Layer& layer, const Tensor& gradient) {
      const Tensor doubles = gradient.to(torch::kFloat64);
      layer.gradient = layer.gradient.defined() ? layer.gradient + doubles : doubles;
    });
  }

  // A gradient for each of these examples alone.
  void add_signs(const Tensor& inputs, const Tensor& labels) {
    for (int64_t i = 0; i < inputs.size(0); ++i) {
      const Tensor output = model_.forward(inputs.slice(0, i, i + 1));
      if (!output.isfinite().all().item<bool>()) continue;
      for_each_weight(gradients_of(output, labels.slice(0, i, i + 1), weights_),
                      [](Layer& layer, const Tensor& gradient) { layer.signs.add(gradient); });
    }
  }

  std::vector<LayerRecord> records(int64_t examples) const {
    std::vector<LayerRecord> records;
    for (size_t i = 0; i < layers_.size(); ++i) {
      records.push_back(record(model_.hidden()[i], layers_[i], examples));
      if (i + 1 == layers_.size()) continue;
      const double next = layers_[i + 1].statistics.delta_norm();
      if (next > 0) records[i].delta_ratio = layers_[i].statistics.delta_norm() / next;
    }
    return records;
  }

 private:
  struct Layer {
    LayerStatistics statistics;
    Tensor gradient;  // of the weight: the sum over examples, in double
    Signs signs;
  };

  static void add_forward(LayerStatistics& statistics, const Probe::Sight& sight) {
    if (!sight.output.defined()) return;
    const int64_t units = sight.output.size(1);
    const int64_t positions = sight.output.numel() / (sight.output.size(0) * units);
    with_values(sight.input, [&](auto values) { statistics.add_inputs(values); });
    with_values(sight.output, [&](auto values) { statistics.add_outputs(values, units, positions); });
    if (!sight.slope.defined()) return;
    with_values(sight.slope, [&](auto values) { statistics.add_slopes(values); });
  }

  // Of the sum of the examples' losses, so that deltas are those of one example.
  std::vector<Tensor> gradients_of(const Tensor& output, const Tensor& labels,
                                   const std::vector<Tensor>& asked) const {
    const Tensor total = loss_(output, labels) * output.size(0);
    if (asked.empty() || !total.requires_grad()) return std::vector<Tensor>(asked.size());
    return torch::autograd::grad({total}, asked, {}, std::nullopt, false, /*allow_unused=*/true);
  }

  // `gradients` begin with those of weights_.
  template <class Use>
  void for_each_weight(const std::vector<Tensor>& gradients, Use use) {
    size_t next = 0;
    for (size_t i = 0; i < layers_.size(); ++i) {
      if (!model_.hidden()[i].weight.defined()) continue;
      const Tensor& gradient = gradients[next++];
      if (gradient.defined()) use(layers_[i], gradient);
    }
  }

  LayerRecord record(const HiddenLayer& hidden, const Layer& layer, int64_t examples) const {
    LayerRecord record;
    record.layer = hidden.name;
    record.activation = short_text(hidden.activation->spec());
    record.weight = hidden.weight_name();
    record.fan_in = hidden.fan_in();
    layer.statistics.write(record, examples);
    record.learned = learned_of(*hidden.activation);
    if (!hidden.weight.defined()) return record;
    record.weight_norm = l2_norm(hidden.weight);
    record.one_sign_examples = layer.signs.share();
    if (!layer.gradient.defined()) return record;
    Signs batch;
    batch.add(layer.gradient);
    record.one_sign_batch = batch.share();
    const double mean_gradient = l2_norm(layer.gradient) / static_cast<double>(with_gradient_);
    if (record.weight_norm > 0) record.gradient_ratio = mean_gradient / record.weight_norm;
    return record;
  }

  Model& model_;
  const ExaminedLoss& loss_;
  std::vector<Layer> layers_;
  std::vector<Tensor> weights_;
  int64_t with_gradient_ = 0;  // examples
};

}  // namespace

Examination examine(Model& model, const ExaminedLoss& loss, const ExaminedSet& examples) {
  const Stopwatch watch;
  const at::AutoGradMode with_grad(true);
  const Evaluating evaluating(model);
  Examiner examiner(model, loss);
  for (int64_t first = 0; first < examples.count; first += kChunk) {
    const auto [inputs, labels] = examples.gather(first, std::min(kChunk, examples.count - first));
    if (first == 0) examiner.add_signs(inputs.slice(0, 0, kSignExamples), labels.slice(0, 0, kSignExamples));
    examiner.add(inputs, labels);
  }
  Examination examination;
  examination.examples = examples.count;
  examination.layers = examiner.records(examples.count);
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
