#include "train/evaluator.h"

#include <torch/utils.h>

#include <algorithm>
#include <numeric>

#include "core/memory.h"
#include "core/nan.h"
#include "core/text.h"
#include "diagnose/finite_loss.h"
#include "models/evaluating.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

// Large enough to keep the threads busy, small enough for the activations of a convolution to stay in the
// cache.
constexpr int64_t kBatch = 250;

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

Evaluation evaluate(Model& model, const Task& task, const Loader& data, const std::string& part,
                    bool detailed, int64_t limit) {
  const torch::NoGradGuard no_grad;
  const Evaluating mode(model);
  Evaluation evaluation;
  evaluation.headline = task.headline();
  evaluation.scores = task.scores(detailed);
  const int64_t examples = std::min(limit, data.size());
  std::vector<int64_t> indices(static_cast<size_t>(examples));
  std::iota(indices.begin(), indices.end(), 0);
  double loss_sum = 0;
  NonFinite bad;
  const auto loss_of = [&](const torch::Tensor& output, const torch::Tensor& labels) {
    return task.loss(output, labels);
  };
  const std::string what = "evaluating " + std::to_string(std::min(kBatch, examples)) + " examples at a time";
  for (int64_t first = 0; first < examples; first += kBatch) {
    const auto size = static_cast<size_t>(std::min(kBatch, examples - first));
    with_memory_for(what, [&] {
      const Batch batch = data.gather(std::span(indices).subspan(static_cast<size_t>(first), size));
      const torch::Tensor logits = model.logits(batch.inputs);
      const torch::Tensor output = model.output_from(logits);
      const auto loss = finite_loss(loss_of, output, batch.labels, first, bad);
      if (!loss) return;
      loss_sum += *loss * static_cast<double>(size);
      evaluation.scores->add(output, logits, batch.labels);
    });
  }
  bad.throw_if_any(part, examples);
  evaluation.examples = examples;
  evaluation.loss = examples == 0 ? 0 : loss_sum / static_cast<double>(examples);
  read_figures(evaluation);
  return evaluation;
}

}  // namespace actlab
