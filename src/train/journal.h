#pragma once

#include <cstdint>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "diagnose/record.h"
#include "rundir/run_directory.h"
#include "train/state.h"

namespace actlab {

// One finished step of the optimizer.
struct StepRecord {
  int64_t step = 0;  // of the run, from 1
  double loss = 0;   // before the step
  double learning_rate = 0;
};

// Which checkpoint of a run one becomes.
enum class Saved { kLast, kBest };

// What training tells those who keep it or show it. The trainer writes and prints nothing itself. Calls come
// from the thread that trains, in the order of what happened; a journal that throws ends the training.
class Journal {
 public:
  virtual ~Journal() = default;

  // Before the first step of an epoch of so many examples, or of what is left of one.
  virtual void begin_epoch(const TrainState& /*state*/, int64_t /*examples*/) {}
  // After each step; on a GPU some steps later, several at a time.
  virtual void step(const StepRecord&, const TrainState&) {}
  virtual void examined(const Examination&) {}
  // `best`: of the epochs so far, by validation data.
  virtual void epoch(const EpochRow& /*row*/, bool /*best*/) {}
  virtual void save(const Checkpoint&, Saved) {}
  // Training has ended, been stopped or diverged; nothing more comes.
  virtual void end() {}
};

// Several journals as one, told in this order.
class Journals : public Journal {
 public:
  explicit Journals(std::vector<Journal*> all) : all_(std::move(all)) {}

  void begin_epoch(const TrainState& state, int64_t examples) override {
    for (Journal* one : all_) one->begin_epoch(state, examples);
  }
  void step(const StepRecord& record, const TrainState& state) override {
    for (Journal* one : all_) one->step(record, state);
  }
  void examined(const Examination& examination) override {
    for (Journal* one : all_) one->examined(examination);
  }
  void epoch(const EpochRow& row, bool best) override {
    for (Journal* one : all_) one->epoch(row, best);
  }
  void save(const Checkpoint& checkpoint, Saved as) override {
    for (Journal* one : all_) one->save(checkpoint, as);
  }
  void end() override {
    for (Journal* one : all_) one->end();
  }

 private:
  std::vector<Journal*> all_;
};

}  // namespace actlab
