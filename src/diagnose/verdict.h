#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "diagnose/prediction.h"
#include "diagnose/record.h"
#include "diagnose/setup.h"

namespace actlab {

// A change to try: overrides as `train` takes them.
struct Remedy {
  std::vector<std::string> overrides;  // "model.activation=relu"
  std::string why;
};

// What is wrong with a network, or that nothing is.
struct Verdict {
  std::string name;                 // see judge
  std::vector<std::string> layers;  // those concerned, in order
  std::string cause;                // the mechanism, in plain words
  std::string evidence;             // the figures
  std::vector<Remedy> remedies;     // the likeliest first
};

nlohmann::ordered_json to_json(const Verdict& verdict);

// Everything known of a run; what is not there is not judged.
struct Findings {
  std::vector<Examination> history;  // oldest first; the last one is judged, the others show changes
  const Theory* theory = nullptr;    // of the start; for a model that has not been trained
  std::vector<double> train_losses;  // one a finished epoch
  std::string divergence = {};       // what stopped training, where it diverged
  int64_t steps = 0;                 // then: taken or begun in all
  // What theory says of the start with these overrides; nothing where it can't say. Unset: nobody is asked.
  std::function<std::optional<Theory>(const std::vector<std::string>& overrides)> predict = {};
};

// From where on a measure is called ill. The papers name the mechanisms; the numbers are set wide of what
// networks that train well show, so that an alarm is worth reading.
struct Limits {
  // Norm of delta in the first hidden layer over that in the last (Bengio et al. 1994, Glorot and Bengio
  // 2010): a thousandth, or a thousandfold.
  static constexpr double kGradientSpan = 1e3;
  // Share of a layer's units that respond to nothing (Lu et al. 2019).
  static constexpr double kDead = 0.2;
  // By how much that share grows while training.
  static constexpr double kDying = 0.1;
  // Share of inputs, of an activation bounded on both sides and not made to be off, where its slope is below
  // a tenth of its largest (Glorot and Bengio 2010, section 3). Exact zeros are sparsity, not saturation
  // (Glorot et al. 2011).
  static constexpr double kSaturated = 0.5;
  // |mean| / std of outputs (LeCun et al. 1998, section 4.3): 0.7 is ReLU's, 2.4 sigmoid's.
  static constexpr double kOffCentre = 1;
  // Share of units whose weights all want to move one way, example by example and over all of them.
  static constexpr double kOneSignExamples = 0.9;
  static constexpr double kOneSignBatch = 0.5;
  // Size of an update over that of the weights: about 1e-3 is usual.
  static constexpr double kLargeUpdate = 0.1;
  static constexpr double kSmallUpdate = 1e-6;
  // Standard deviation of pre-activations in the last hidden layer over that in the first (He et al. 2015).
  static constexpr double kSignalSpan = 100;
  // Training loss over that of guessing.
  static constexpr double kChance = 0.95;
};

// The verdicts, most serious first; "healthy" alone where there is none. Names: not_finite,
// updates_too_large, dead_network, vanishing, exploding, no_signal, dead_units, dying, saturated, poor_init,
// not_centred, updates_too_small, not_learning, healthy. No remedy leads away from what helps: a rate is only
// lowered where steps were taken and were too large, and only raised where they were too small (step_size.h);
// what comes of steps that were too large has no other remedy, and what was ill before the first step is
// mended together with the rate. Where theory is asked, a remedy that would leave the gradient vanishing or
// exploding is offered with `model.init=auto`, or not at all.
std::vector<Verdict> judge(const TrainingSetup& setup, const Findings& findings);

}  // namespace actlab
