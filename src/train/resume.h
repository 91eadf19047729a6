#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "train/schedule.h"
#include "train/state.h"

namespace actlab {

// Whether a run may go on from a checkpoint as if it had never stopped. `stored` and `state` are the
// checkpoint's, `wanted` the config now, `schedule` what `wanted` makes of the learning rate, `plan` what
// it was made with; `name` is for messages. Throws Error (2) when the configs differ in more than `run`,
// `diagnose`, a larger train.epochs, the threads and where the data lie, or when more epochs would change
// learning rates already used. Whether the data are still the same their fingerprint tells, not this.
void check_resume(const Config& stored, const TrainState& state, const Config& wanted,
                  const Schedule& schedule, const SchedulePlan& plan, const std::string& name);

// What of these is another place or number of threads, as config_differences tells it: training may go on all
// the same, but not to the same bytes.
std::vector<std::string> differences_of_place(const Config& stored, const Config& wanted);

}  // namespace actlab
