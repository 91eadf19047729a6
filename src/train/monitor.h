#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "diagnose/examine.h"
#include "diagnose/life.h"
#include "models/model.h"
#include "rundir/line_log.h"
#include "rundir/run_directory.h"
#include "train/loader.h"
#include "train/loss.h"

namespace actlab {

// Examines the hidden layers of a model while it trains, on the same training examples each time, and writes
// what it finds into the run's diagnostics.jsonl. Changes nothing of what is trained, to the bit.
class Monitor {
 public:
  // The model, the loss and the data must outlive the monitor. Takes up the run's examinations up to `step`
  // and forgets later ones.
  Monitor(const DiagnoseOptions& options, int64_t steps_per_epoch, Model& model, const Loss& loss,
          const Loader& train, const RunDirectory& run, int64_t step);

  // Examines the untrained model, unless that has been done or the model is not.
  void begin();
  // Whether the model is to be examined after so many finished steps.
  bool due(int64_t step) const { return count_ > 0 && step % interval_ == 0; }
  // To be called before each step of the optimizer, when `step` are finished.
  void before_step(int64_t step);
  void examine(int64_t step);

  // All of the run's examinations so far, oldest first.
  const std::vector<Examination>& examinations() const { return examinations_; }
  // Of examinations, and their share of the time since construction.
  double seconds() const { return seconds_; }
  double share() const;

 private:
  using Clock = std::chrono::steady_clock;

  int64_t steps_per_epoch_;
  int64_t interval_;  // steps
  int64_t count_;     // examples
  int64_t step_;      // finished when it was made
  Model& model_;
  const Loss& loss_;
  const Loader& train_;
  LineLog log_;
  LifeTable lives_;
  std::optional<UpdateRatio> update_;
  std::vector<Examination> examinations_;
  double seconds_ = 0;
  Clock::time_point begun_ = Clock::now();
};

}  // namespace actlab
