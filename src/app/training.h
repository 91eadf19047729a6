#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "train/trainer.h"

namespace actlab::app {

// What to train, and how.
struct TrainRequest {
  Config config;  // from load_checked_config, run.name resolved
  // A checkpoint, a run directory, or "last" of this config's name; empty: a new run.
  std::string resume = {};
  std::string command = {};  // as typed, for run.json
  StopRequest stop = [] { return 0; };
  std::vector<Journal*> journals = {};  // who is told beside the run directory
  TaskMaker make_task = actlab::make_task;
};

// What came of it.
struct TrainResult {
  std::filesystem::path run_dir;
  std::optional<std::filesystem::path> best_checkpoint;  // none before the first epoch has ended
  std::filesystem::path last_checkpoint;
  std::optional<std::filesystem::path> report;  // none where it could not be written, or training was stopped
  TrainState state;
  int stopped = 0;                   // what stop() said
  std::optional<double> train_loss;  // of the last epoch
  Headline headline;
  // Of the best checkpoint on the test data; none where training was stopped.
  std::optional<double> test_loss;
  std::optional<double> test_value;  // the headline's
  std::string test_text;             // that in words
  double samples_per_second = 0;     // training only, median over the epochs
  double seconds = 0;
  std::string data;  // what they are called
  std::string device;
  int64_t threads = 0;
  // What to_json gave when the run was finished, where there was nothing left to do.
  std::optional<nlohmann::ordered_json> summary;

  // The fields that `train --json` prints and summary.json keeps.
  nlohmann::ordered_json to_json() const;
};

// Trains, evaluates the best checkpoint on the test data, and writes the run directory with its report.
// Nothing in a run directory is changed before everything that is resumed has been checked; nor by resuming a
// finished run. Throws Error: (2) when parts of the config do not go together, or with a run that is to be
// resumed, (3) for the data, (4) when training diverges or the test data's outputs are not finite, the run
// directory then saying why, (1) otherwise.
TrainResult train(TrainRequest request);

}  // namespace actlab::app
