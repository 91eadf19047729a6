#include "train/evaluator.h"

#include <algorithm>
#include <numeric>

#include "core/nan.h"

namespace actlab {
namespace {

// Large enough to keep the threads busy, small enough for the activations of a convolution to stay in the
// cache.
constexpr int64_t kBatch = 250;

// NaN where an output is: binary cross-entropy stops with an assertion of its own on one, which on a GPU ends
// all that the process could still do there.
double loss_of(const Loss& loss, const torch::Tensor& output, const torch::Tensor& labels) {
  if (output.isnan().any().item<bool>()) return kNaN;
  return loss(output, loss.targets(labels)).item<double>();
}

void count(Metrics& metrics, const torch::Tensor& probabilities, const torch::Tensor& labels, int64_t first,
           const ExampleVisitor& visit) {
  const auto rows = probabilities.to(torch::kCPU).contiguous();
  const auto truth = labels.to(torch::kCPU);
  const auto classes = rows.size(1);
  const auto* p = rows.const_data_ptr<float>();
  for (int64_t i = 0; i < rows.size(0); ++i, p += classes) {
    const std::span<const float> row(p, static_cast<size_t>(classes));
    const int64_t label = truth[i].item<int64_t>();
    const int64_t predicted = predicted_class(row);
    metrics.add(label, predicted, row[classes == 2 ? 1 : 0]);
    if (visit) visit(first + i, label, predicted, row);
  }
}

}  // namespace

int64_t predicted_class(std::span<const float> probabilities) {
  if (probabilities.size() == 2) return probabilities[1] >= probabilities[0] ? 1 : 0;
  return std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
}

Metrics evaluate(Model& model, const Loss& loss, const Loader& data, int64_t classes,
                 const ExampleVisitor& visit, int64_t limit) {
  const torch::NoGradGuard no_grad;
  const bool was_training = model.is_training();
  model.eval();
  Metrics metrics(classes);
  const int64_t examples = std::min(limit, data.size());
  std::vector<int64_t> indices(static_cast<size_t>(examples));
  std::iota(indices.begin(), indices.end(), 0);
  for (int64_t first = 0; first < examples; first += kBatch) {
    const auto size = static_cast<size_t>(std::min(kBatch, examples - first));
    const Batch batch = data.gather(std::span(indices).subspan(static_cast<size_t>(first), size));
    const torch::Tensor output = model.forward(batch.inputs);
    metrics.add_loss(loss_of(loss, output, batch.labels) * static_cast<double>(size));
    count(metrics, loss.probabilities(output), batch.labels, first, visit);
  }
  model.train(was_training);
  return metrics;
}

}  // namespace actlab
