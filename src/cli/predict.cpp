#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/prediction.h"
#include "cli/command.h"
#include "cli/print.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

void print_text(const std::string& file, int64_t index, const app::Prediction& prediction,
                const std::vector<std::string>& class_names) {
  std::printf("%s\t%lld", file.c_str(), static_cast<long long>(index));
  if (prediction.label >= 0) {
    std::printf("\t%s\t%.4f", class_names[static_cast<size_t>(prediction.label)].c_str(),
                prediction.probability());
  } else {
    for (const float value : prediction.output) std::printf("\t%g", value);
  }
  std::printf("\n");
}

ordered_json to_json(const std::string& file, int64_t index, const app::Prediction& prediction,
                     const std::vector<std::string>& class_names) {
  ordered_json line = {{"file", std::filesystem::absolute(file).lexically_normal().string()},
                       {"index", index}};
  if (prediction.label >= 0) {
    line["class"] = prediction.label;
    line["class_name"] = class_names[static_cast<size_t>(prediction.label)];
    line["probability"] = prediction.probability();
    line["probabilities"] = prediction.probabilities;
  }
  line["output"] = prediction.output;
  return line;
}

ExitStatus predict(const Invocation& invocation) {
  const app::Predictor predictor(invocation.arguments[0], invocation.overrides);
  const auto& names = predictor.class_names();
  for (size_t i = 1; i < invocation.arguments.size(); ++i) {
    const std::string& file = invocation.arguments[i];
    predictor.predict(file, invocation.has("invert"), [&](int64_t index, const app::Prediction& prediction) {
      if (invocation.json()) return print_json(to_json(file, index, prediction, names));
      print_text(file, index, prediction, names);
    });
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
          "  actlab predict runs/mnist_cnn/checkpoints/best.safetensors digit.png --invert --json\n"
          "  actlab predict runs/mnist_cnn/checkpoints/best.safetensors data/mnist/t10k-images-idx3-ubyte\n",
      .min_arguments = 2,
      .max_arguments = SIZE_MAX,
      .takes_overrides = true,
      .computes = true,
      .flags = {{"invert", "", "turn dark on light into light on dark"}},
      .run = predict};
}

}  // namespace actlab
