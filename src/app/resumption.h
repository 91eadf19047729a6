#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/resume_point.h"
#include "app/stored_run.h"
#include "app/training.h"
#include "rundir/run_directory.h"
#include "train/trainer.h"

// What training does before it goes on where it stopped, and how it tells of it.
namespace actlab::app {

// What a run goes on from.
struct Resumption {
  StoredRun stored;
  bool from_last = true;  // from the last checkpoint, not an older one that stands in for it
};

// Reads the first of the point's checkpoints that is whole, and warns of those before it. None where nothing
// was saved yet. Throws Error (1) when none is whole, or when what one holds cannot be.
std::optional<Resumption> load_resumption(const ResumePoint& point);

// Says which run goes on, where it stands, what is different now, and which other runs could have been meant.
void tell_resumption(const ResumePoint& point, const StoredRun& stored, const Config& config);

// What a run that is trained to its end gave when it was, from its summary.json: `result` is what its
// checkpoint tells. Empty where there is more to train, or no summary of this state. Changes nothing.
std::optional<TrainResult> finished_before(const RunDirectory& run, const Trainer& trainer,
                                           TrainResult result);

// Says that there is nothing left to train, and how there would be.
void tell_finished(const Trainer& trainer, const TrainOptions& options);

}  // namespace actlab::app
