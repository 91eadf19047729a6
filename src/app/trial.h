#pragma once

#include <torch/types.h>

#include <optional>
#include <string>
#include <vector>

#include "app/diagnosis.h"
#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "data/dataset.h"

namespace actlab {

// Trains the config's model for `steps` steps and measures it on held-out examples. With a checkpoint it goes
// on from those of its weights that keep their names and shapes, unless the overrides say how weights are
// drawn; its optimizer starts afresh. `overrides` are those that `config` has in it beyond the untouched run.
// A terminal on stderr sees how far it is.
Trial run_trial(const Config& config, const std::vector<std::string>& overrides, const DataParts& data,
                torch::Device device, const std::optional<Checkpoint>& checkpoint, int64_t steps);

}  // namespace actlab
