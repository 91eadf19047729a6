#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

// What an examination of a model found, as diagnostics.jsonl keeps it and `diagnose --json` prints it.
namespace actlab {

// Stands for a measure that has no value: an activation without bounds, a layer without weights, the first
// run without an update. JSON has null for it. Comparisons with it are false.
inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// One hidden activation over the examples examined. A unit is a feature [N, F] or a channel [N, C, H, W] of
// its output. Shares are in [0, 1].
struct LayerRecord {
  std::string layer;       // "act1"
  std::string activation;  // "relu"
  std::string weight;      // "fc1.weight"; empty where no weights feed it
  int64_t units = 0;
  int64_t fan_in = 0;  // numbers that go into one pre-activation

  double pre_mean = kUndefined;  // of pre-activations, over examples, units and positions
  double pre_std = kUndefined;
  double mean = kUndefined;  // of outputs
  double std = kUndefined;
  double zeros = kUndefined;  // share of outputs that are exactly 0

  double dead = kUndefined;         // share of units whose output is the same wherever it was looked at
  std::vector<int64_t> dead_units;  // ascending
  int64_t births = 0;               // against the examinations before: see LifeTable
  int64_t deaths = 0;
  int64_t revivals = 0;

  double saturated = kUndefined;  // share of pre-activations where |f'| is below a tenth of its largest
  double at_bound = kUndefined;   // share of outputs within 5 % of the range's width of a bound

  double delta = kUndefined;        // rms over examples and units of dL_i / d(pre-activation)
  double delta_ratio = kUndefined;  // its norm over that of the next hidden layer

  double weight_norm = kUndefined;
  double gradient_ratio = kUndefined;  // norm of the weights' gradient over their own
  double update_ratio = kUndefined;    // norm of the last optimizer step over that of the weights before

  double centredness = kUndefined;  // |mean| / std of outputs: 0 is centred on zero

  // The zig-zag: a unit whose incoming weight gradients all have one sign can only move all its weights up or
  // all down. Per example, as the theorem says, and in the gradient of all examples together.
  double one_sign_examples = kUndefined;  // share of pairs (example, unit) that have a gradient
  double one_sign_batch = kUndefined;     // share of units that have a gradient

  std::map<std::string, double> learned;  // parameters of the activation that are trained
};

// One examination of all hidden layers, in the order of the forward pass.
struct Examination {
  int64_t epoch = 0;          // finished epochs; 0 is before training
  int64_t step = 0;           // finished steps
  double seconds = 0;         // that the examination took
  double share = kUndefined;  // of the training time so far that examinations took
  int64_t examples = 0;
  std::vector<LayerRecord> layers;
};

nlohmann::ordered_json to_json(const LayerRecord& record);
nlohmann::ordered_json to_json(const Examination& examination);

// What is missing or null, but for the layer's name, stays at its default, so that older files can be read.
// Throws nlohmann::json::exception for a value of a wrong type.
LayerRecord layer_from_json(const nlohmann::json& json);
Examination examination_from_json(const nlohmann::json& json);

// The lines of a diagnostics.jsonl, oldest first; none when there is no such file. A last line without its
// end, which an interrupted write leaves, is passed over. Throws Error (1) naming the line that is damaged.
std::vector<Examination> read_examinations(const std::filesystem::path& file);

}  // namespace actlab
