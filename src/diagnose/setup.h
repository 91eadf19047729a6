#pragma once

#include <string>

#include "config/config.h"
#include "diagnose/record.h"

namespace actlab {

// What verdicts and remedies need to know of a config.
struct TrainingSetup {
  std::string init = "default";
  double lr = kUndefined;
  double clip_norm = 0;
  double clip_value = 0;
  // Of the task, which fills them in:
  bool squares_a_sigmoid = false;   // loss mse of one sigmoid, where bce would do
  double chance_loss = kUndefined;  // of guessing
};
TrainingSetup setup_of(const Config& config);

}  // namespace actlab
