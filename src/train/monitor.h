#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "core/stopwatch.h"
#include "diagnose/examine.h"
#include "diagnose/life.h"
#include "models/model.h"
#include "train/loader.h"
#include "train/task.h"

namespace actlab {

// Examines the hidden layers of a model while it trains, on the same training examples each time. Changes
// nothing of what is trained, to the bit.
class Monitor {
 public:
  // The model, the task and the data must outlive the monitor. `before` are the run's examinations so far.
  Monitor(const DiagnoseOptions& options, int64_t steps_per_epoch, Model& model, const Task& task,
          const Loader& train, std::vector<Examination> before);

  // Whether a run that begins at this step begins with an examination: of an untrained model, once.
  bool begins(int64_t step) const;
  // Whether the model is to be examined after so many finished steps.
  bool due(int64_t step) const { return count_ > 0 && step % interval_ == 0; }
  // To be called before each step of the optimizer, when `step` are finished.
  void before_step(int64_t step);
  const Examination& examine(int64_t step);

  // All of the run's examinations so far, oldest first.
  const std::vector<Examination>& examinations() const { return examinations_; }
  // Of examinations, and their share of the time since construction.
  double seconds() const { return seconds_; }
  double share() const;

 private:
  int64_t steps_per_epoch_;
  int64_t interval_;  // steps
  int64_t count_;     // examples
  Model& model_;
  const Task& task_;
  const Loader& train_;
  LifeTable lives_;
  std::optional<UpdateRatio> update_;
  std::vector<Examination> examinations_;
  double seconds_ = 0;
  Stopwatch since_begun_;
};

}  // namespace actlab
