#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "rundir/run_directory.h"
#include "train/task.h"

namespace actlab {

// The recorded figure that chooses the best epoch and stops training early.
struct Watch {
  std::string figure;  // a key of metrics.jsonl; empty: nothing may choose, the last epoch counts as the best
  bool larger_is_better = false;
  bool asked = false;  // by train.watch

  // Of an epoch. Throws Error (3) when it has no value, as the AUC of one class.
  double value_of(const EpochRow& row) const;
  // Whether the last of these values, one an epoch, is the best.
  bool last_is_best(const std::vector<double>& values) const;
};

// What train.watch says, or without it the validation loss where there are validation data. Throws Error (2)
// for a figure that is not recorded, naming those that are. Figures of test data choose nothing.
Watch watch_of(const TrainOptions& options, const Task& task, bool has_validation);

// Whether training stops before its last epoch because the values, one an epoch, have not become better by
// more than min_delta for `patience` epochs.
bool stops_early(const EarlyStoppingOptions& options, const std::vector<double>& values,
                 bool larger_is_better = false);

}  // namespace actlab
