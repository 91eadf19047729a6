#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.h"
#include "diagnose/record.h"

namespace actlab {

// What verdicts and remedies need to know of a config.
struct TrainingSetup {
  std::string init = "default";
  double lr = kUndefined;
  double clip_norm = 0;
  double clip_value = 0;
  std::vector<int64_t> hidden;  // widths of a model that has them as an option; else empty
  // Learning rates that usually train with this optimizer, ascending; empty where it isn't known.
  std::vector<double> usual_rates;
  // Of the task, which fills them in:
  bool squares_a_sigmoid = false;   // loss mse of one sigmoid, where bce would do
  double chance_loss = kUndefined;  // of guessing
};
TrainingSetup setup_of(const Config& config);

}  // namespace actlab
