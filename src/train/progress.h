#pragma once

#include <climits>
#include <cstdint>
#include <string>

#include "core/stopwatch.h"
#include "rundir/run_directory.h"
#include "train/journal.h"

namespace actlab {

// The bar that moves within each epoch, on stderr where that is a terminal; elsewhere nothing.
class ProgressBar : public Journal {
 public:
  explicit ProgressBar(int64_t epochs) : epochs_(epochs) {}
  ~ProgressBar() override;
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void begin_epoch(const TrainState& state, int64_t examples) override;
  // Redraws at most ten times a second.
  void step(const StepRecord& record, const TrainState& state) override;
  void epoch(const EpochRow& row, bool best) override;
  void end() override;

 private:
  void draw(int64_t examples_done, double loss) const;

  int64_t epochs_;
  int64_t examples_ = 0;  // an epoch
  int64_t epoch_ = 0;
  int64_t first_ = 0;      // examples done when this process began the epoch
  Stopwatch since_begun_;  // of this process in the epoch
  Stopwatch since_first_;  // in all its epochs
  bool begun_ = false;
  Stopwatch since_drawn_;
};

// A line in the log for each epoch.
class EpochLog : public Journal {
 public:
  explicit EpochLog(int64_t epochs) : epochs_(epochs) {}
  void epoch(const EpochRow& row, bool best) override;

 private:
  int64_t epochs_;
};

// The row of a finished epoch: "epoch  2/10  train loss 0.1534  val loss 0.1432  val accuracy 95.12 %  best
// 151k samples/s". Into fewer columns than that takes it goes without the speed, then without the training
// loss.
std::string epoch_line(const EpochRow& row, int64_t epochs, bool best, int width = INT_MAX);

}  // namespace actlab
