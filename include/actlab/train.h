#pragma once

#include <actlab/api.h>
#include <actlab/config.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

// Needs no header of LibTorch.
namespace actlab {
inline namespace v0 {

// One measured figure, as {"accuracy", 0.98}.
struct Figure {
  std::string name;
  double value = 0;
};

// A finished epoch.
struct EpochResult {
  int64_t epoch = 0;      // from 1
  double train_loss = 0;  // mean over the epoch
  // Where the config sets validation data apart; `validation` is the figure that says how good it is.
  std::optional<double> validation_loss;
  std::optional<Figure> validation = {};
  bool best = false;              // of the epochs so far
  double learning_rate = 0;       // of the last step
  double samples_per_second = 0;  // training only
  double seconds = 0;             // training only
};

struct TrainingOptions {
  // Goes on from a checkpoint, from a run directory, or from "last", the newest run of this config's name, as
  // if it had never been stopped. Empty: a new run.
  std::string resume = {};
  // Called after every epoch, by the thread that trains. What it throws ends the training.
  std::function<void(const EpochResult& epoch)> on_epoch = {};
  // Asked between steps; true: training is saved and returns.
  std::function<bool()> stop = {};
};

// What a training run came to.
struct TrainingResult {
  std::filesystem::path run_dir;          // with everything that is known of the run
  std::filesystem::path checkpoint;       // the best one; empty before the first epoch has ended
  std::filesystem::path last_checkpoint;  // the one to go on from
  int64_t epochs = 0;                     // finished
  bool stopped = false;                   // before its end, by TrainingOptions::stop
  double train_loss = 0;                  // of the last epoch; NaN before the first has ended
  // How good the best checkpoint is, measured on the test data. NaN when stopped.
  Figure headline;
  double test_loss = 0;
  double samples_per_second = 0;  // training only; median over the epochs
  double seconds = 0;             // in all
};

// Trains, evaluates the best checkpoint on the test data and writes a report, as `actlab train` does. Makes a
// run directory of its own under `run.root`; nothing is overwritten. Throws Error for data that are missing
// or do not fit (3), parts of the config that do not go together or with the run that is resumed (2), NaN or
// infinity while training or in the outputs for the test data (4), files that cannot be written or a device
// that is not there (1).
//
// One call at a time: it seeds LibTorch's default generators, and sets its number of threads, which stays.
ACTLAB_API TrainingResult train(const TrainingConfig& config, const TrainingOptions& options = {});

// How a checkpoint does on one part of its data.
struct EvaluationResult {
  int64_t examples = 0;
  double loss = 0;                             // mean
  Figure headline;                             // the one that says how good it is
  std::map<std::string, double> figures = {};  // all there are, by name: accuracy, precision, recall, f1, auc
  // [label][predicted], where the task tells classes apart.
  std::vector<std::vector<int64_t>> confusion = {};
};

// Measures it on `split`: test, validation or train. `overrides` may move the data or choose where it runs:
// "data.root=elsewhere", "device=cpu", "threads=1". Throws Error for a file that is damaged (1), an override
// or a split that is not allowed (2), data that are missing, or not of the kind it was trained on (3),
// outputs or losses that are NaN or infinite (4).
ACTLAB_API EvaluationResult evaluate(const std::filesystem::path& checkpoint,
                                     const std::string& split = "test",
                                     const std::vector<std::string>& overrides = {});

}  // namespace v0
}  // namespace actlab
