#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "rundir/headline.h"

namespace actlab {

// What the directory of a training run tells about it.
struct RunRecord {
  bool finished = false;  // its summary.json is there
  Headline headline;
  std::optional<double> test_value;  // of the headline
  std::optional<double> test_loss;
  std::optional<std::string> divergence;    // the error that ended it
  int64_t epochs = 0;                       // trained to their end
  std::optional<double> seconds_per_epoch;  // of training only; median
  // Mean shares over the layers of the last line of diagnostics.jsonl that have them.
  std::optional<double> dead, saturated, off;

  // Whether there is nothing left to train.
  bool ended() const { return finished || divergence; }
};

// Files that are missing or damaged tell nothing; a run that does not exist has told nothing yet.
RunRecord read_run(const std::filesystem::path& run);

}  // namespace actlab
