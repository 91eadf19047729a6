#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/prediction.h"
#include "cli/command.h"
#include "cli/print.h"
#include "core/log.h"
#include "core/non_finite.h"
#include "data/images.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kNotFinite = "no prediction: the model's output is NaN or Inf";

void print_text(const std::string& file, int64_t index, const app::Prediction& prediction,
                const std::vector<std::string>& class_names) {
  std::printf("%s\t%lld", file.c_str(), static_cast<long long>(index));
  if (!prediction.finite) {
    std::printf("\t%s", kNotFinite);
  } else if (prediction.label >= 0) {
    std::printf("\t%s\t%.4f", class_names[static_cast<size_t>(prediction.label)].c_str(),
                prediction.probability());
  } else {
    for (const float value : prediction.output) std::printf("\t%g", value);
  }
  std::printf("\n");
}

std::string shown_path(const std::string& file) {
  return file == kStandardInput ? file : fs::absolute(file).lexically_normal().string();
}

ordered_json to_json(const std::string& file, int64_t index, const app::Prediction& prediction,
                     const std::vector<std::string>& class_names) {
  ordered_json line = {{"file", shown_path(file)}, {"index", index}};
  if (!prediction.finite) {
    line["error"] = kNotFinite;
    return line;
  }
  if (prediction.label >= 0) {
    line["class"] = prediction.label;
    line["class_name"] = class_names[static_cast<size_t>(prediction.label)];
    line["probability"] = prediction.probability();
    line["probabilities"] = prediction.probabilities;
  }
  line["output"] = prediction.output;
  return line;
}

bool is_picture_name(const fs::path& file) {
  std::string ending = file.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

// The files that were named, and in a folder's place the pictures in it, by name.
std::vector<std::string> files_of(const std::vector<std::string>& named) {
  std::vector<std::string> files;
  for (const auto& name : named) {
    if (!fs::is_directory(name)) {
      files.push_back(name);
      continue;
    }
    std::vector<std::string> pictures;
    for (const auto& entry : fs::directory_iterator(name)) {
      if (is_picture_name(entry.path()) && !entry.is_directory()) pictures.push_back(entry.path().string());
    }
    if (pictures.empty())
      throw Error(ExitStatus::kData, name + " is a folder without pictures (.png, .jpg, .jpeg)");
    std::ranges::sort(pictures);
    files.insert(files.end(), pictures.begin(), pictures.end());
  }
  return files;
}

void warn_of_inversion(const std::vector<std::string>& files, bool inverted) {
  if (files.empty()) return;
  const std::string more = files.size() == 1 ? "" : " and " + std::to_string(files.size() - 1) + " more";
  log_warning(files[0] + more + (files.size() == 1 ? " looks" : " look") +
              " the other way round than the training pictures (dark on light, or light on dark): try " +
              (inverted ? "without" : "with") + " --invert");
}

ExitStatus predict(const Invocation& invocation) {
  const app::Predictor predictor(invocation.arguments[0], invocation.overrides);
  const auto& names = predictor.class_names();
  const bool invert = invocation.has("invert");
  std::vector<std::string> other_way_round;
  ExitStatus status = ExitStatus::kDone;
  NonFinite bad;
  int64_t inputs = 0;
  for (const auto& file : files_of({invocation.arguments.begin() + 1, invocation.arguments.end()})) {
    try {
      const bool alike =
          predictor.predict(file, invert, [&](int64_t index, const app::Prediction& prediction) {
            if (!prediction.finite) bad.add(inputs);
            ++inputs;
            if (invocation.json()) return print_json(to_json(file, index, prediction, names));
            print_text(file, index, prediction, names);
          });
      if (!alike) other_way_round.push_back(file);
    } catch (const Error& error) {
      // The others are predicted all the same.
      if (invocation.json()) print_json({{"file", shown_path(file)}, {"error", error.what()}});
      log_error(error.what());
      if (status == ExitStatus::kDone) status = error.status();
    }
  }
  warn_of_inversion(other_way_round, invert);
  bad.throw_if_any("the inputs", inputs);
  return status;
}

}  // namespace

Command predict_command() {
  return {
      .name = "predict",
      .arguments = "CHECKPOINT FILE...|- [device=... threads=...]",
      .summary = "class and probability of pictures or of the images of IDX files",
      .details =
          "Prints one line an image: file, index in the file, class, probability, separated by tabs.\n"
          "Pictures are PNG or JPEG of any size; they are made grey and resized. MNIST's digits are white\n"
          "on black: give --invert for ink on paper. A FOLDER stands for the pictures in it, - for a picture "
          "on\n"
          "standard input, a RUN directory for its best checkpoint. What cannot be read is told, the rest\n"
          "predicted, and the exit status is then 3.\n\n"
          "Examples:\n"
          "  actlab predict runs/mnist_cnn/checkpoints/best.safetensors docs/digit.png --invert\n"
          "  actlab predict runs/mnist_cnn data/mnist/t10k-images-idx3-ubyte\n",
      .min_arguments = 2,
      .max_arguments = SIZE_MAX,
      .takes_overrides = true,
      .computes = true,
      .flags = {{"invert", "", "turn dark on light into light on dark"}},
      .run = predict};
}

}  // namespace actlab
