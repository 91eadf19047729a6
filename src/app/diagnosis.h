#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "diagnose/prediction.h"
#include "diagnose/record.h"
#include "diagnose/verdict.h"
#include "rundir/headline.h"

namespace actlab {

// A short training run with some overrides, all runs from the same start and on the same batches.
struct Trial {
  std::vector<std::string> overrides;  // none: as it is
  bool fresh = false;  // its weights were drawn anew where the others went on from a checkpoint
  bool diverged = false;
  Headline headline;
  double value = kUndefined;  // of it, on held-out examples, never of the test data
  double loss = kUndefined;   // likewise
  int64_t examples = 0;       // held out
  double seconds = 0;         // of training
};

// What `diagnose` prints.
struct Diagnosis {
  Examination examination;
  std::optional<Theory> theory;  // of an untrained model
  std::vector<Verdict> verdicts;
  std::vector<std::string> command;  // that trains it as it is, to be followed by overrides; none if unknown
  int64_t steps = 0;                 // of each trial
  std::vector<Trial> trials;         // the best first; empty unless asked for
};

// The best headline first, then the lowest loss; those that diverged last.
void rank(std::vector<Trial>& trials);

// {"layers": LAYER with "predicted", "output": LAYER, "theory", "verdicts", "tried"}
nlohmann::ordered_json to_json(const Diagnosis& diagnosis);

// For people, in 100 columns, but for commands, which are lines to copy: the verdict and the command that
// trains with its best remedy, a table of the layers and what follows from it, and the verdict again.
std::string to_text(const Diagnosis& diagnosis);

}  // namespace actlab
