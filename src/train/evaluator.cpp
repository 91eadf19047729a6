#include "train/evaluator.h"

#include <algorithm>
#include <numeric>

namespace actlab {
namespace {

// Large enough to keep the threads busy, small enough for the activations of a convolution to stay in the
// cache.
constexpr int64_t kBatch = 250;

void count(Metrics& metrics, const torch::Tensor& probabilities, const torch::Tensor& labels) {
  const auto rows = probabilities.to(torch::kCPU).contiguous();
  const auto truth = labels.to(torch::kCPU);
  const auto classes = rows.size(1);
  const auto* p = rows.const_data_ptr<float>();
  for (int64_t i = 0; i < rows.size(0); ++i, p += classes) {
    const int64_t predicted = predicted_class({p, static_cast<size_t>(classes)});
    metrics.add(truth[i].item<int64_t>(), predicted, p[classes == 2 ? 1 : 0]);
  }
}

}  // namespace

int64_t predicted_class(std::span<const float> probabilities) {
  if (probabilities.size() == 2) return probabilities[1] >= probabilities[0] ? 1 : 0;
  return std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
}

Metrics evaluate(Model& model, const Loss& loss, const Loader& data, int64_t classes) {
  const torch::NoGradGuard no_grad;
  const bool was_training = model.is_training();
  model.eval();
  Metrics metrics(classes);
  std::vector<int64_t> indices(static_cast<size_t>(data.size()));
  std::iota(indices.begin(), indices.end(), 0);
  for (int64_t first = 0; first < data.size(); first += kBatch) {
    const auto size = static_cast<size_t>(std::min(kBatch, data.size() - first));
    const Batch batch = data.gather(std::span(indices).subspan(static_cast<size_t>(first), size));
    const torch::Tensor output = model.forward(batch.inputs);
    metrics.add_loss(loss(output, loss.targets(batch.labels)).item<double>() * static_cast<double>(size));
    count(metrics, loss.probabilities(output), batch.labels);
  }
  model.train(was_training);
  return metrics;
}

}  // namespace actlab
