#include "app/prediction.h"

#include <torch/utils.h>

#include <algorithm>
#include <numeric>
#include <span>

#include "data/images.h"
#include "train/classification.h"
#include "train/loader.h"

namespace actlab::app {
namespace {

std::vector<float> row(const torch::Tensor& rows, int64_t i) {
  const torch::Tensor values = rows[i].contiguous();
  return {values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel()};
}

}  // namespace

Predictor::Predictor(const std::filesystem::path& checkpoint, const std::vector<std::string>& overrides)
    : trained_(load_trained_model(checkpoint, overrides, {"device", "threads"})) {}

std::vector<Prediction> Predictor::predict_batch(const torch::Tensor& inputs) const {
  const torch::NoGradGuard no_grad;
  const torch::Tensor output = trained_.model->forward(inputs);
  torch::Tensor probabilities = trained_.task->probabilities(output);
  if (probabilities.defined()) probabilities = probabilities.to(torch::kCPU);
  const torch::Tensor on_cpu = output.to(torch::kCPU);
  std::vector<Prediction> predictions;
  for (int64_t i = 0; i < output.size(0); ++i) {
    Prediction& one = predictions.emplace_back();
    one.output = row(on_cpu, i);
    if (!probabilities.defined()) continue;
    one.probabilities = row(probabilities, i);
    one.label = predicted_class(one.probabilities);
  }
  return predictions;
}

void Predictor::predict(const std::string& file, bool invert,
                        const std::function<void(int64_t index, const Prediction& prediction)>& use) const {
  constexpr int64_t kBatch = 250;
  Inputs inputs = read_inputs(file, trained_.state.shape, invert);
  const Part data(trained_.state.shape, std::move(inputs.pixels),
                  std::vector<int64_t>(static_cast<size_t>(inputs.count)));
  const Loader loader(data, trained_.normalization, trained_.device, trained_.model->convolutional());
  std::vector<int64_t> indices(static_cast<size_t>(data.size()));
  std::iota(indices.begin(), indices.end(), 0);
  for (int64_t first = 0; first < data.size(); first += kBatch) {
    const auto size = static_cast<size_t>(std::min(kBatch, data.size() - first));
    const auto batch = std::span(indices).subspan(static_cast<size_t>(first), size);
    int64_t index = first;
    for (const auto& prediction : predict_batch(loader.gather(batch).inputs)) use(index++, prediction);
  }
}

}  // namespace actlab::app
