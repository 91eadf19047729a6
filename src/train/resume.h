#pragma once

#include <string>

#include "config/config.h"
#include "train/schedule.h"
#include "train/state.h"

namespace actlab {

// Whether a run may go on from a checkpoint as if it had never stopped. `stored` and `state` are the
// checkpoint's, `wanted` the config now, `schedule` what `wanted` makes of the learning rate, `plan` what
// it was made with; `name` is for messages. Throws Error (2) when the configs differ in more than `run`,
// `diagnose` and a larger train.epochs, or when more epochs would change learning rates already used.
void check_resume(const Config& stored, const TrainState& state, const Config& wanted,
                  const Schedule& schedule, const SchedulePlan& plan, const std::string& name);

}  // namespace actlab
