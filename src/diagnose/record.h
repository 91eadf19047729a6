#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/non_finite.h"

// What an examination of a model found, as diagnostics.jsonl keeps it and `diagnose --json` prints it.
namespace actlab {

// Stands for a measure that has no value: an activation without bounds, a layer without weights, the first
// run without an update. JSON has null for it. Comparisons with it are false.
inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

inline constexpr size_t kHistogramBins = 48;

// One activation, a hidden one or that at the end, over the examples examined. A unit is a feature [N, F] or
// a channel [N, C, H, W] of its output. Shares are in [0, 1].
struct LayerRecord {
  std::string layer;       // "act1"
  std::string activation;  // "relu"
  std::string weight;      // "fc1.weight"; empty where no weights feed it
  int64_t units = 0;
  int64_t fan_in = 0;  // numbers that go into one pre-activation

  double pre_mean = kUndefined;  // of pre-activations, over examples, units and positions
  double pre_std = kUndefined;
  // How many of a sample of the pre-activations lie in each of kHistogramBins equal parts of [low, high];
  // empty where one is not finite.
  double histogram_low = kUndefined;
  double histogram_high = kUndefined;
  std::vector<int64_t> histogram;
  double mean = kUndefined;  // of outputs
  double std = kUndefined;
  double zeros = kUndefined;  // share of outputs that are exactly 0

  double dead = kUndefined;         // share of units whose output is the same wherever it was looked at
  std::vector<int64_t> dead_units;  // ascending
  int64_t births = 0;               // against the examinations before: see LifeTable
  int64_t deaths = 0;
  int64_t revivals = 0;

  // Share of pre-activations where |f'| is below a tenth of its largest: off where the activation is made to
  // be (ReLU, hardtanh; ActivationBounds::switches), saturated where it is not (tanh). One of them is
  // undefined.
  double saturated = kUndefined;
  double off = kUndefined;
  double flat() const { return std::isnan(off) ? saturated : off; }
  // Whether units are dead because the slope is 0 there, not because all examples have come to look alike.
  bool dead_where_flat() const { return !(flat() < dead - 0.05); }
  // Then what comes behind it no longer depends on the input.
  bool all_dead() const { return dead >= 1 && dead_where_flat(); }
  double linear = kUndefined;    // share of them where |f'| is above nine tenths of its largest
  double at_bound = kUndefined;  // share of outputs within 5 % of the range's width of a bound

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

  // Of the mean loss of the examples, as an optimizer gets them from one batch of all of them: norms. Unlike
  // `delta`, they are small where the examples pull in opposite directions.
  double mean_delta = kUndefined;  // of the mean of dL_i / d(pre-activation) over examples: [units];
                                   // positions of a channel added up
  double weight_gradient = kUndefined;
  double bias_gradient =
      kUndefined;  // is mean_delta, but where batch norm comes between; undefined without biases

  std::vector<double> unit_means;         // of outputs, one a unit
  double unit_means_median = kUndefined;  // the middle one of them

  std::map<std::string, double> learned;  // parameters of the activation that are trained
};

// One examination of all hidden layers, in the order of the forward pass, and of the function at the end.
struct Examination {
  int64_t epoch = 0;          // finished epochs; 0 is before training
  int64_t step = 0;           // finished steps
  double seconds = 0;         // that the examination took
  double share = kUndefined;  // of the training time so far that examinations took
  int64_t examples = 0;
  NonFinite non_finite;  // of the model's outputs and losses; not kept in files
  std::vector<LayerRecord> layers;
  std::optional<LayerRecord> output;  // "identity" of a model that ends in logits; none in older files
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
