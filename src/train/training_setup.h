#pragma once

#include "config/config.h"
#include "diagnose/setup.h"
#include "train/task.h"

namespace actlab {

// What verdicts need to know of a training: of its config, its optimizer and its task.
TrainingSetup training_setup(const Config& config, const Task& task);

}  // namespace actlab
