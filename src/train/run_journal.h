#pragma once

#include <vector>

#include "rundir/line_log.h"
#include "rundir/run_directory.h"
#include "train/journal.h"

namespace actlab {

// Keeps what happens in training in a run directory: steps.csv, diagnostics.jsonl, metrics, checkpoints.
class RunJournal : public Journal {
 public:
  // `keep` generations of the last checkpoint. `replace_last`: the one that is there is not worth keeping.
  // The directory must outlive it. Reads what it says of the run up to `state`, and changes nothing. Throws
  // Error (1) when a file cannot be read.
  RunJournal(RunDirectory& run, const TrainState& state, int64_t keep, bool replace_last = false);

  // Forgets what the directory says of later than the state, which a resumed run does again. Throws Error (1)
  // when a file cannot be written; so do those below.
  void forget_later();

  // The examinations that the run had by then, oldest first.
  const std::vector<Examination>& examinations() const { return examinations_; }

  void step(const StepRecord& record, const TrainState& state) override;
  void examined(const Examination& examination) override;
  void epoch(const EpochRow& row, bool best) override;
  void save(const Checkpoint& checkpoint, Saved as) override;
  void end() override;

 private:
  RunDirectory& run_;
  int64_t epochs_;  // of the state
  int64_t keep_;
  bool replace_last_;
  LineLog steps_;
  LineLog diagnostics_;
  std::vector<Examination> examinations_;
};

}  // namespace actlab
