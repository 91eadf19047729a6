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
  std::vector<double> watched_figure;  // that train.watch asks for, likewise; empty unless it does
  int64_t best_epoch = 0;              // from 1; 0 before the first epoch has ended

  // Of the data, so that a checkpoint can be used without them and never with others by mistake.
  std::string data_fingerprint;
  ExampleShape shape;
  std::vector<std::string> class_names;

  std::string to_json() const;
  // Throws Error (1) naming `name` and the field when the text is not one of to_json: a key that is missing,
  // unknown or there twice, a value of another type, out of range, not finite, or at odds with the others.
  static TrainState from_json(const std::string& text, const std::string& name);
};

// Whether a run can have come to this state: its epochs are at most those of `options`, and, where the number
// of training examples is known, the step and the examples are those that so many epochs and batches make.
// Throws Error (1) naming `name` and the field.
void check_state(const TrainState& state, const TrainOptions& options, std::optional<int64_t> examples,
                 const std::string& name);

// Batches of an epoch over so many examples; 0 where there is no full one and drop_last is set.
int64_t batches_of(int64_t examples, const TrainOptions& options);

}  // namespace actlab
