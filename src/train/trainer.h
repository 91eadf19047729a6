#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "core/signals.h"
#include "data/dataset.h"
#include "models/model.h"
#include "rundir/run_directory.h"
#include "train/evaluation_record.h"
#include "train/loader.h"
#include "train/loss.h"
#include "train/metrics.h"
#include "train/optimizer.h"
#include "train/progress.h"
#include "train/schedule.h"
#include "train/state.h"

namespace actlab {

// Trains one model on one data set: the only training loop there is.
class Trainer {
 public:
  // `config` with device and threads resolved. `data` must outlive the trainer. `model` on the CPU, with its
  // initial weights; it is moved to `device`. Throws Error (2) when loss, model output and labels do not go
  // together, Error (3) when there is no full batch.
  Trainer(const Config& config, const DataParts& data, std::shared_ptr<Model> model, torch::Device device);

  // Goes on where the checkpoint stands; `stored` is its config. Throws Error when the configs differ in more
  // than `run` and a larger train.epochs, or more epochs would change learning rates already used (2), when
  // the data are others (3), or when the tensors do not fit (1). Nothing is loaded then.
  void resume(const Checkpoint& checkpoint, const Config& stored, const std::string& name);

  // Trains up to the last epoch, an early stop or a signal, writing into `run`: a checkpoint whenever one is
  // due and at the end, a row an epoch. Returns the signal that stopped it, or 0. Throws Error (4) as soon as
  // a loss, a gradient or a weight is NaN or infinite; the checkpoints on disk are then those of before.
  int run(RunDirectory& run, const StopSignals& signals);

  // Takes that many steps, writing nothing, and returns the loss of each. Throws Error (4) as run does. For
  // trials and comparisons: the steps are those that run would take,
  // but that no schedule sees losses: `plateau` keeps its rate.
  std::vector<double> run_steps(int64_t count);

  // Takes the weights of that checkpoint and measures them on the test data.
  EvaluationRecord test(const std::filesystem::path& checkpoint);

  // Metrics of the weights as they are: on the validation data, or without any on the first 1000 training
  // examples. Never on test data.
  Metrics held_out();

  const TrainState& state() const { return state_; }
  bool finished() const;

 private:
  struct Session;  // what one call of run writes to and listens to

  // Steps to the end of the epoch; false when a signal came first. Adds to `seconds` the time that steps
  // took.
  bool run_epoch(Session& session, double& seconds);
  // The next step of this epoch's order. Returns its loss.
  double next_step(std::span<const int64_t> order);
  // One optimizer step on these examples. Returns the loss before it.
  double step(std::span<const int64_t> examples);
  // Throws Error (4) naming the first bad tensor, if there is one.
  void check_gradients() const;
  void check_parameters() const;
  void clip_gradients();
  void finish_epoch(Session& session, double seconds, int64_t examples);
  void begin_next_epoch();
  void save(const std::filesystem::path& path) const;
  void check_config(const Config& stored, const TrainState& state, const std::string& name) const;
  // What a checkpoint of now holds; storage is shared.
  std::vector<NamedTensor> tensors() const;
  [[noreturn]] void diverge(const std::string& tensor) const;

  Config config_;
  const DataParts& data_;
  int64_t classes_;
  torch::Device device_;
  std::shared_ptr<Model> model_;
  Loss loss_;
  std::unique_ptr<Optimizer> optimizer_;
  Normalization normalization_;
  Loader train_;
  std::optional<Loader> validation_;
  Loader test_;
  int64_t steps_per_epoch_;
  std::unique_ptr<Schedule> schedule_;
  std::vector<NamedTensor> parameters_;
  TrainState state_;
};

}  // namespace actlab
