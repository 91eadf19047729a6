#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "diagnose/record.h"

// What theory says of a freshly initialised model, without running it (see theory.h), as `diagnose` prints
// it.
namespace actlab {

// A gradient this much smaller, or larger, than where it came from is lost to a float's 24 bits.
inline constexpr double kLostGradient = 1e-7;

// One hidden activation; the names are those of LayerRecord. Undefined where the theory ends: behind an
// activation that no weights feed.
struct LayerPrediction {
  std::string layer;
  double pre_std = kUndefined;
  double mean = kUndefined;
  double std = kUndefined;
  double delta_ratio = kUndefined;  // sqrt(chi_1) between this layer and the next
  double gradient = kUndefined;     // norm of delta over that of the last hidden layer

  double gain = kUndefined;      // sigma_w: sqrt(variance of a weight times fan-in)
  double bias_std = kUndefined;  // sigma_b
  // Where gradients keep their size for this activation: what `init: auto` takes. Undefined where there is no
  // such point, or the activation is not element-wise.
  double critical_gain = kUndefined;
  double critical_bias_std = kUndefined;
};

struct Theory {
  std::vector<LayerPrediction> layers;  // one a hidden activation
  // Hidden layers, counted back from the last, after which the gradient is below kLostGradient of what it was
  // there, or above 1 / kLostGradient. Beyond the model's own depth this supposes more layers like its last.
  // Undefined where that never comes.
  double vanishing_depth = kUndefined;
  double exploding_depth = kUndefined;
  // At most so many draws in all start dead: with a layer in which every unit is where its slope is exactly
  // 0, so that the output does not depend on the input. See dead_probability.
  double dead_probability = kUndefined;
  std::vector<std::string> notes;  // where the model is not what the theory supposes
};

// A layer of so many units, each of them off for a given input in that share of draws: a half for ReLU.
struct OffShare {
  int64_t units = 0;
  double share = 0;
};
// 1 - prod(1 - share^units): how many draws of weights leave some layer without a unit that is on, for one
// input. For all inputs together it is an upper bound (Lu et al. 2019, Dying ReLU and initialization),
// where weights and biases are as likely as their negatives.
double dead_probability(const std::vector<OffShare>& layers);

nlohmann::ordered_json to_json(const LayerPrediction& prediction);
// {"vanishing_depth", "exploding_depth", "dead_probability", "gains": [...], "notes": [...]}
nlohmann::ordered_json to_json(const Theory& theory);

}  // namespace actlab
