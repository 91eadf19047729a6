#pragma once

#include <vector>

#include "rundir/line_log.h"
#include "rundir/run_directory.h"
#include "train/journal.h"

namespace actlab {

// Keeps what happens in training in a run directory: steps.csv, diagnostics.jsonl, metrics, checkpoints.
class RunJournal : public Journal {
 public:
  // Forgets what the directory says of later than `state`, which a resumed run does again. The directory must
  // outlive it. Throws Error (1) when a file cannot be read or written; so do the others.
  RunJournal(RunDirectory& run, const TrainState& state);

  // The examinations that the run had by then, oldest first.
  const std::vector<Examination>& examinations() const { return examinations_; }

  void step(const StepRecord& record, const TrainState& state) override;
  void examined(const Examination& examination) override;
  void epoch(const EpochRow& row, bool best) override;
  void save(const Checkpoint& checkpoint, Saved as) override;
  void end() override;

 private:
  RunDirectory& run_;
  LineLog steps_;
  LineLog diagnostics_;
  std::vector<Examination> examinations_;
};

}  // namespace actlab
