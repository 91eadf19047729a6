#pragma once

#include <string>
#include <vector>

#include "diagnose/verdict.h"

namespace actlab {

// Whether the steps of the optimizer had a size that trains, and how that shows.
struct StepSize {
  enum class Kind { kFine, kTooLarge, kTooSmall };  // kFine: nothing says otherwise
  Kind kind = Kind::kFine;
  std::vector<std::string> layers = {};  // those that show it; none where all do
  std::string evidence = {};
};

// Steps that were too large leave little to see of it: units are dead or saturated, so that the gradient and
// the last update are 0. What tells is what became of the weights, of delta and of dead units since the
// start, beside a loss that is no better than that of guessing. Steps were too small only where gradients are
// there, weights still stand where they began, and no usual rate is as small. `findings` with an examination
// of hidden layers at least.
StepSize step_size_of(const TrainingSetup& setup, const Findings& findings);

// Whether training ends, or is, no better than guessing.
bool at_chance(const TrainingSetup& setup, const Findings& findings);

// The examination before the first step; nullptr where there is none, and where no step was taken.
const Examination* start_of(const Findings& findings);

}  // namespace actlab
