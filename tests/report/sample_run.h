#pragma once

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base64.h"
#include "core/test_support.h"

namespace actlab::test {

// What a sample run is to look like.
struct SampleRun {
  int layers = 3;
  int epochs = 4;
  int steps_an_epoch = 50;
  int classes = 3;
  std::string name = "relu";  // stands wherever a name from outside may stand
  int side = 6;               // of the pictures
};

namespace sample {

using nlohmann::json;

// Wavy enough that neighbouring cells and points differ.
inline double wave(int i, int j) {
  return 0.5 + 0.45 * std::sin(1.7 * i + 0.9 * j);
}

inline json layer(const SampleRun& s, int i, int epoch) {
  const double w = wave(i, epoch);
  return {{"layer", s.name + std::to_string(i + 1)},
          {"activation", s.name},
          {"weight", "fc.weight"},
          {"units", 100},
          {"fan_in", 784},
          {"pre_mean", w - 0.5},
          {"pre_std", w},
          {"histogram_low", -2 - w},
          {"histogram_high", 2 + w},
          {"histogram", {1, 4, 9, 16 + epoch, 9, 4, 1}},
          {"mean", w - 0.4},
          {"std", w},
          {"zeros", w},
          {"dead", w / 3},
          {"dead_units", {3, 17}},
          {"births", 0},
          {"deaths", 1},
          {"revivals", 0},
          {"saturated", w},
          {"linear", 1 - w},
          {"at_bound", w},
          {"delta", std::pow(10, -10 * w)},
          {"delta_ratio", 0.2 + w},
          {"weight_norm", w},
          {"gradient_ratio", w},
          {"update_ratio", 1e-3 * w},
          {"centredness", w},
          {"one_sign_examples", w},
          {"one_sign_batch", w},
          {"learned", {{"weight", w}}}};
}

inline std::string diagnostics(const SampleRun& s) {
  std::string lines;
  for (int epoch = 0; epoch <= s.epochs; ++epoch) {
    json layers = json::array();
    for (int i = 0; i < s.layers; ++i) layers.push_back(layer(s, i, epoch));
    lines +=
        json({{"epoch", epoch}, {"layers", layers}}).dump(-1, ' ', false, json::error_handler_t::replace) +
        "\n";
  }
  return lines;
}

inline std::string metrics(const SampleRun& s) {
  std::string lines;
  for (int epoch = 1; epoch <= s.epochs; ++epoch) {
    lines += json({{"epoch", epoch},
                   {"step", epoch * s.steps_an_epoch},
                   {"train_loss", 1.0 / epoch},
                   {"validation_loss", 1.1 / epoch},
                   {"validation_accuracy", 1 - 0.5 / epoch},
                   {"learning_rate", 0.001},
                   {"samples_per_second", 1000.0},
                   {"seconds", 1.0}})
                 .dump() +
             "\n";
  }
  return lines;
}

inline std::string steps(const SampleRun& s) {
  std::string csv = "step,loss,learning_rate\n";
  for (int step = 1; step <= s.epochs * s.steps_an_epoch; ++step)
    csv += std::to_string(step) + "," + std::to_string(1 + wave(step, step / 7)) + ",0.001\n";
  return csv;
}

inline json evaluation(const SampleRun& s) {
  json classes = json::array();
  json confusion = json::array();
  json roc = json::array();
  json precision = json::array();
  for (int i = 0; i < s.classes; ++i) {
    classes.push_back(s.name + std::to_string(i));
    json row = json::array();
    for (int j = 0; j < s.classes; ++j) row.push_back(i == j ? 90 : (i + 2 * j) % 5);
    confusion.push_back(row);
    roc.push_back({{"class", s.name}, {"auc", 0.9}, {"points", {{0, 0}, {0.1, 0.8}, {1, 1}}}});
    precision.push_back({{"class", s.name}, {"points", {{0.5, 1}, {1, 0.4}}}});
  }
  json mistakes = json::array();
  std::vector<uint8_t> pixels(static_cast<size_t>(s.side * s.side));
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(31 * i * i);
  for (int i = 0; i < 24; ++i)
    mistakes.push_back({{"index", i},
                        {"label", s.name},
                        {"predicted", s.name},
                        {"probability", 0.9},
                        {"shape", {1, s.side, s.side}},
                        {"pixels", to_base64(pixels)}});
  return {{"split", "test"},
          {"examples", 300},
          {"loss", 0.1},
          {"accuracy", 0.9},
          {"accuracy_ci95", {0.86, 0.93}},
          {"confusion", confusion},
          {"classes", classes},
          {"roc", roc},
          {"precision_recall", precision},
          {"calibration",
           {{"ece", 0.0123}, {"bins", {{{"probability", 0.9}, {"accuracy", 0.8}, {"examples", 300}}}}}},
          {"mistakes", mistakes}};
}

inline json curves(const SampleRun& s) {
  json x = json::array();
  for (int i = -80; i <= 80; ++i) x.push_back(i / 10.0);
  return json::array({{{"name", s.name},
                       {"formula", s.name},
                       {"derivative", s.name},
                       {"layers", {s.name}},
                       {"x", x},
                       {"y", x},
                       {"slope", x}}});
}

inline json verdicts(const SampleRun& s) {
  return json::array({{{"name", s.name},
                       {"layers", {s.name, "b", "c"}},
                       {"cause", s.name},
                       {"evidence", s.name},
                       {"remedies", {{{"overrides", {"model.activation=" + s.name}}, {"why", s.name}}}}}});
}

}  // namespace sample

// Writes all the files of a run into the folder, which is made.
inline void write_sample(const std::filesystem::path& folder, const SampleRun& s) {
  const auto text = [](const nlohmann::json& j) {
    return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  std::filesystem::create_directories(folder);
  put_text(folder / "config.yaml", "seed: 1\nmodel:\n  type: mlp\n  activation: " + s.name +
                                       "\ntrain:\n  epochs: " + std::to_string(s.epochs) + "\n");
  put_text(folder / "run.json",
           text({{"name", s.name}, {"device", "cpu"}, {"threads", 2}, {"machine", {{"cpu", s.name}}}}));
  put_text(folder / "metrics.jsonl", sample::metrics(s));
  put_text(folder / "steps.csv", sample::steps(s));
  put_text(folder / "diagnostics.jsonl", sample::diagnostics(s));
  put_text(folder / "verdicts.json", text(sample::verdicts(s)));
  put_text(folder / "evaluation.json", text(sample::evaluation(s)));
  put_text(folder / "activations.json", text(sample::curves(s)));
  put_text(folder / "first_weights.json",
           text({{"layer", s.name},
                 {"units", 3},
                 {"shape", {1, 2, 2}},
                 {"largest", 0.5},
                 {"pixels", {to_base64(std::vector<uint8_t>{1, 128, 128, 255})}}}));
  put_text(folder / "summary.json", text({{"epochs", s.epochs},
                                          {"best_epoch", 1},
                                          {"test_accuracy", 0.9},
                                          {"test_loss", 0.1},
                                          {"samples_per_second", 1000},
                                          {"parameters", 79510}}));
}

}  // namespace actlab::test
