#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "cli/command.h"
#include "cli/print.h"
#include "cli/trained_model.h"
#include "data/images.h"
#include "train/evaluator.h"
#include "train/loader.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

struct Prediction {
  int64_t label;
  std::vector<float> probabilities;
  std::vector<float> output;
};

std::vector<float> row(const torch::Tensor& rows, int64_t i) {
  const torch::Tensor values = rows[i].contiguous();
  return {values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel()};
}

std::vector<Prediction> predict_batch(TrainedModel& trained, const Loader& loader,
                                      std::span<const int64_t> indices) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor output = trained.model->forward(loader.gather(indices).inputs);
  const torch::Tensor probabilities = trained.loss.probabilities(output).to(torch::kCPU);
  const torch::Tensor on_cpu = output.to(torch::kCPU);
  std::vector<Prediction> predictions;
  for (int64_t i = 0; i < output.size(0); ++i) {
    auto p = row(probabilities, i);
    predictions.push_back({predicted_class(p), std::move(p), row(on_cpu, i)});
  }
  return predictions;
}

void print_prediction(const std::string& file, int64_t index, const Prediction& prediction,
                      const TrainedModel& trained, bool json) {
  const std::string& name = trained.state.class_names[static_cast<size_t>(prediction.label)];
  const float probability = prediction.probabilities[static_cast<size_t>(prediction.label)];
  if (!json) {
    std::printf("%s\t%lld\t%s\t%.4f\n", file.c_str(), static_cast<long long>(index), name.c_str(),
                probability);
    return;
  }
  const ordered_json line = {{"file", std::filesystem::absolute(file).lexically_normal().string()},
                             {"index", index},
                             {"class", prediction.label},
                             {"class_name", name},
                             {"probability", probability},
                             {"probabilities", prediction.probabilities},
                             {"output", prediction.output}};
  print_json(line);
}

void predict_file(TrainedModel& trained, const std::string& file, bool invert, bool json) {
  constexpr int64_t kBatch = 250;
  Inputs inputs = read_inputs(file, trained.state.shape, invert);
  Dataset data{trained.state.shape, std::move(inputs.pixels), Bytes(static_cast<size_t>(inputs.count))};
  const Loader loader(data, trained.normalization, trained.device, trained.model->convolutional());
  std::vector<int64_t> indices(static_cast<size_t>(data.size()));
  std::iota(indices.begin(), indices.end(), 0);
  for (int64_t first = 0; first < data.size(); first += kBatch) {
    const auto size = static_cast<size_t>(std::min(kBatch, data.size() - first));
    const auto predictions =
        predict_batch(trained, loader, std::span(indices).subspan(static_cast<size_t>(first), size));
    for (size_t i = 0; i < predictions.size(); ++i) {
      print_prediction(file, first + static_cast<int64_t>(i), predictions[i], trained, json);
    }
  }
}

ExitStatus predict(const Invocation& invocation) {
  TrainedModel trained =
      load_trained_model(invocation.arguments[0], invocation.overrides, {"device", "threads"});
  for (size_t i = 1; i < invocation.arguments.size(); ++i) {
    predict_file(trained, invocation.arguments[i], invocation.has("invert"), invocation.json());
  }
  return ExitStatus::kDone;
}

}  // namespace

Command predict_command() {
  return {
      .name = "predict",
      .arguments = "CHECKPOINT FILE... [device=... threads=...]",
      .summary = "class and probability of pictures or of the images of IDX files",
      .details =
          "Prints one line an image: file, index in the file, class, probability, separated by tabs.\n"
          "Pictures are PNG or JPEG of any size; they are made grey and resized. MNIST's digits are white\n"
          "on black: give --invert for ink on paper.\n\n"
          "Examples:\n"
          "  actlab predict runs/mnist_cnn/checkpoints/best.safetensors digit.png --invert\n"
          "  actlab predict runs/mnist_cnn/checkpoints/best.safetensors data/mnist/t10k-images-idx3-ubyte "
          "--json\n",
      .min_arguments = 2,
      .max_arguments = SIZE_MAX,
      .takes_overrides = true,
      .computes = true,
      .flags = {{"invert", "", "turn dark on light into light on dark"}},
      .run = predict};
}

}  // namespace actlab
