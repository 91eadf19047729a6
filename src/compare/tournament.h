#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "compare/candidates.h"
#include "core/signals.h"
#include "rundir/run_record.h"

namespace actlab {

// The same training over activations and seeds. Equal seeds give all activations the same draws of weights
// and the same order of the data, since every draw comes from a named stream of the seed: their runs are
// pairs.
struct Tournament {
  // Of the comparison. It holds the config.yaml that all runs have in common, with device and threads
  // resolved; a run directory for each run comes beside it. A copy, so that the user may go on editing.
  std::filesystem::path folder;
  std::vector<Candidate> candidates;
  std::vector<int64_t> seeds;
};

// Name of a run's directory: "elu_alpha_0.5-seed3".
std::string directory_name(const Candidate& candidate, int64_t seed);

// What the run directories tell: [candidate][seed].
std::vector<std::vector<RunRecord>> read_runs(const Tournament& tournament);

// Trains what has not ended yet, each run a process of this program with one thread, `slots` at a time, all
// activations of a seed before the next seed; unfinished runs go on from their last checkpoint. One line on
// stderr for each that ends. A run that diverges is recorded as such, and the others go on.
//
// Returns the signal that stopped it, once the runs have saved, or 0. Throws Error with the message and
// status of a run that fails otherwise; the others have then been stopped and saved.
int run_tournament(const Tournament& tournament, size_t slots, const StopSignals& signals);

}  // namespace actlab
