#include "app/prediction.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "app/find_checkpoint.h"
#include "core/memory.h"
#include "data/images.h"
#include "train/classification.h"
#include "train/loader.h"

namespace actlab::app {
namespace {

template <class T>
std::vector<T> row(const torch::Tensor& rows, int64_t i) {
  const torch::Tensor values = rows[i].contiguous();
  return {values.const_data_ptr<T>(), values.const_data_ptr<T>() + values.numel()};
}

}  // namespace

Predictor::Predictor(const std::filesystem::path& checkpoint, const std::vector<std::string>& overrides)
    : trained_(load_trained_model(find_checkpoint(checkpoint, WhichCheckpoint::kBest), overrides,
                                  {"device", "threads"})) {}

// The border of a picture is its ground, and most of the pictures' area: on dark ground the training data are
// dark in the mean.
bool Predictor::looks_alike(const Inputs& inputs) const {
  constexpr double kDark = 0.35;
  constexpr double kLight = 0.65;
  const Node* normalize = trained_.config.data.find("normalize");
  if (normalize != nullptr && normalize->is_scalar() && normalize->text == "none")
    return true;  // no mean is known
  double mean = 0;
  for (const float channel : trained_.normalization.mean)
    mean += channel / static_cast<double>(trained_.normalization.mean.size());
  const double border = border_brightness(inputs, trained_.state.shape);
  return !(mean < kDark && border > kLight) && !(mean > kLight && border < kDark);
}

std::vector<Prediction> Predictor::predict_batch(const torch::Tensor& inputs) const {
  const torch::NoGradGuard no_grad;
  const torch::Tensor logits = trained_.model->logits(inputs);
  const torch::Tensor output = trained_.model->output_from(logits);
  torch::Tensor probabilities = trained_.task->probabilities(output);
  torch::Tensor decisions = trained_.task->decisions(logits);
  if (probabilities.defined()) probabilities = probabilities.to(torch::kCPU);
  if (decisions.defined()) decisions = decisions.to(torch::kCPU);
  const torch::Tensor on_cpu = output.to(torch::kCPU);
  std::vector<Prediction> predictions;
  for (int64_t i = 0; i < output.size(0); ++i) {
    Prediction& one = predictions.emplace_back();
    one.output = row<float>(on_cpu, i);
    one.finite = std::ranges::all_of(one.output, [](float value) { return std::isfinite(value); });
    if (!probabilities.defined()) continue;
    one.probabilities = row<float>(probabilities, i);
    one.label = predicted_class(row<double>(decisions, i));
  }
  return predictions;
}

bool Predictor::predict(const std::string& file, bool invert,
                        const std::function<void(int64_t index, const Prediction& prediction)>& use) const {
  constexpr int64_t kBatch = 250;
  Inputs inputs =
      with_memory_for("reading " + file, [&] { return read_inputs(file, trained_.state.shape, invert); });
  const bool alike = looks_alike(inputs);
  const Part data(trained_.state.shape, std::move(inputs.pixels),
                  std::vector<int64_t>(static_cast<size_t>(inputs.count)));
  const Loader loader(data, trained_.normalization, trained_.device, trained_.model->convolutional());
  std::vector<int64_t> indices(static_cast<size_t>(data.size()));
  std::iota(indices.begin(), indices.end(), 0);
  const std::string what =
      "predicting " + std::to_string(std::min(kBatch, data.size())) + " examples at a time";
  for (int64_t first = 0; first < data.size(); first += kBatch) {
    const auto size = static_cast<size_t>(std::min(kBatch, data.size() - first));
    const auto batch = std::span(indices).subspan(static_cast<size_t>(first), size);
    const auto predictions =
        with_memory_for(what, [&] { return predict_batch(loader.gather(batch).inputs); });
    int64_t index = first;
    for (const auto& prediction : predictions) use(index++, prediction);
  }
  return alike;
}

}  // namespace actlab::app
