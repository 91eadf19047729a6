#include "train/evaluator.h"

#include <torch/utils.h>

#include <algorithm>
#include <numeric>

#include "core/nan.h"
#include "core/text.h"
#include "models/evaluating.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

// Large enough to keep the threads busy, small enough for the activations of a convolution to stay in the
// cache.
constexpr int64_t kBatch = 250;

// NaN where an output is: binary cross-entropy stops with an assertion of its own on one, which on a GPU ends
// all that the process could still do there.
double loss_of(const Task& task, const torch::Tensor& output, const torch::Tensor& labels) {
  if (output.isnan().any().item<bool>()) return kNaN;
  return task.loss(output, labels).item<double>();
}

void read_figures(Evaluation& evaluation) {
  evaluation.figures = evaluation.scores->to_json();
  const ordered_json& figures = evaluation.figures;
  const auto value = figures.find(evaluation.headline.name);
  evaluation.value = value != figures.end() && value->is_number() ? value->get<double>() : kNaN;
  const auto interval = figures.find(evaluation.headline.name + "_ci95");
  if (interval != figures.end()) evaluation.interval = {interval->at(0), interval->at(1)};
}

}  // namespace

ordered_json Evaluation::to_json() const {
  ordered_json json = {{"examples", examples}, {"loss", loss}};
  json.update(figures);
  json["headline"] = actlab::to_json(headline, value);
  return json;
}

std::string headline_text(const Evaluation& evaluation) {
  const Headline& headline = evaluation.headline;
  std::string text = headline.name + " " + value_text(headline, evaluation.value);
  if (!evaluation.interval) return text;
  const auto [low, high] = *evaluation.interval;
  const double scale = headline.share ? 100 : 1;
  return text +
         formatted(headline.share ? " (95 %% interval %.2f to %.2f)" : " (95 %% interval %.4f to %.4f)",
                   scale * low, scale * high);
}

Evaluation evaluate(Model& model, const Task& task, const Loader& data, bool detailed, int64_t limit) {
  const torch::NoGradGuard no_grad;
  const Evaluating mode(model);
  Evaluation evaluation;
  evaluation.headline = task.headline();
  evaluation.scores = task.scores(detailed);
  const int64_t examples = std::min(limit, data.size());
  std::vector<int64_t> indices(static_cast<size_t>(examples));
  std::iota(indices.begin(), indices.end(), 0);
  double loss_sum = 0;
  for (int64_t first = 0; first < examples; first += kBatch) {
    const auto size = static_cast<size_t>(std::min(kBatch, examples - first));
    const Batch batch = data.gather(std::span(indices).subspan(static_cast<size_t>(first), size));
    const torch::Tensor output = model.forward(batch.inputs);
    loss_sum += loss_of(task, output, batch.labels) * static_cast<double>(size);
    evaluation.scores->add(output, batch.labels);
  }
  evaluation.examples = examples;
  evaluation.loss = examples == 0 ? 0 : loss_sum / static_cast<double>(examples);
  read_figures(evaluation);
  return evaluation;
}

}  // namespace actlab
