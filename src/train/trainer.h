#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "data/dataset.h"
#include "models/model.h"
#include "train/evaluator.h"
#include "train/journal.h"
#include "train/loader.h"
#include "train/monitor.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "train/state.h"
#include "train/step.h"
#include "train/task.h"
#include "train/watch.h"

namespace actlab {

// Asked between steps: whether training is to stop, and why (the number of a signal); 0 to go on.
using StopRequest = std::function<int()>;

// Trains one model on one data set: the only training loop there is.
class Trainer {
 public:
  // `config` with device and threads resolved. `data` must outlive the trainer. `model` on the CPU, with its
  // initial weights; it is moved to `device`. Throws Error (2) when the model cannot train on the last batch
  // or train.watch names no recorded figure, Error (3) when there is no full batch.
  Trainer(const Config& config, const DataParts& data, std::shared_ptr<Model> model,
          std::shared_ptr<const Task> task, torch::Device device);

  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  // Goes on where the checkpoint stands; `stored` is its config. Throws Error when the configs differ in more
  // than they may (2, see check_resume), when the data are others (3), or when the state or the tensors are
  // not those of such a run (1, see check_state and check_snapshot). Nothing is loaded then.
  void resume(const Checkpoint& checkpoint, const Config& stored, const std::string& name);

  // Trains up to the last epoch, an early stop or a request to stop, and tells `journal`: a checkpoint
  // whenever one is due and at the end, a row an epoch. `examined` are the run's examinations so far. Returns
  // what stopped it, or 0. Throws Error (4) as soon as a loss, a gradient or a weight is known to be NaN or
  // infinite; no checkpoint has it.
  int run(Journal& journal, const StopRequest& stop, std::vector<Examination> examined = {});

  // Takes that many steps, telling `journal` of each and nobody else, and returns the loss of each. Throws
  // Error (4) as run does. For trials and comparisons: the steps are those that run would take, but that no
  // schedule sees losses: `plateau` keeps its rate.
  std::vector<double> run_steps(int64_t steps, Journal* journal = nullptr);

  // Takes the model's weights from a checkpoint. Throws Error (1) when they do not fit.
  void load_weights(const Checkpoint& checkpoint, const std::string& name);

  // Of the weights as they are, on the test data. Throws Error (4) as evaluate does; so does held_out.
  Evaluation test();

  // On the validation data, or without any on the first 1000 training examples. Never on test data.
  Evaluation held_out();

  const TrainState& state() const { return state_; }
  const Task& task() const { return *task_; }
  // Of the last run(); nullptr before.
  const Monitor* monitor() const { return monitor_ ? &*monitor_ : nullptr; }
  bool finished() const;

 private:
  int run_epochs(Journal& journal, const StopRequest& stop);
  // Steps to the end of the epoch, or until asked to stop: then what for. Adds to `seconds` the time that
  // steps took.
  int run_epoch(Journal& journal, const StopRequest& stop, double& seconds);
  // Takes the next step of this epoch's order; what comes of it is read later.
  void next_step(std::span<const int64_t> order);
  // Adds a step's result to the state. Throws Error (4).
  void count(const StepResult& result);
  // Counts the steps that have gathered, and tells of them.
  void tell_steps(Journal& journal);
  EpochRow finish_epoch(double seconds, int64_t examples);
  void evaluate_epoch(EpochRow& row);
  // Adds an epoch to the state; whether it is the best so far, as the last one is where nothing chooses.
  bool record(const EpochRow& row);
  void begin_next_epoch();
  void check_data(const TrainState& state, const std::string& name) const;
  void save(Journal& journal, Saved as) const;
  [[noreturn]] void diverge(const std::string& what, int64_t step) const;

  Config config_;
  const DataParts& data_;
  torch::Device device_;
  std::shared_ptr<Model> model_;
  std::shared_ptr<const Task> task_;
  std::unique_ptr<Optimizer> optimizer_;
  Loader train_;
  std::optional<Loader> validation_;
  Loader test_;
  Watch watch_;
  SchedulePlan plan_;
  std::unique_ptr<Schedule> schedule_;
  std::vector<NamedTensor> parameters_;
  std::optional<Stepper> stepper_;
  std::optional<Monitor> monitor_;
  TrainState state_;
  int64_t steps_read_ = 0;  // of state_.step
};

}  // namespace actlab
