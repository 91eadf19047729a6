#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "data/dataset.h"

namespace actlab {

// Where a run stands, beside its tensors. With the config it determines everything that is still to come.
struct TrainState {
  int64_t epoch = 0;                 // finished epochs
  int64_t step = 0;                  // finished steps of the run
  int64_t batch = 0;                 // finished steps of the epoch under way
  double loss_sum = 0;               // over the examples of the epoch under way
  int64_t examples = 0;              // those of the epoch under way that were trained on
  std::vector<double> train_losses;  // one a finished epoch
  std::vector<double>
      watched;  // validation loss, or the training loss without a validation split, one a finished epoch
  int64_t best_epoch = 0;  // from 1; 0 before the first epoch has ended

  // Of the data, so that a checkpoint can be used without them and never with others by mistake.
  std::string data_fingerprint;
  ExampleShape shape;
  std::vector<std::string> class_names;

  std::string to_json() const;
  // Throws Error (1) naming `name` when the text is not one of to_json.
  static TrainState from_json(const std::string& text, const std::string& name);
};

// Whether training stops before its last epoch because the watched loss has not fallen by more than min_delta
// for `patience` epochs.
bool stops_early(const EarlyStoppingOptions& options, const std::vector<double>& watched);

}  // namespace actlab
