#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "data/dataset.h"
#include "models/model.h"
#include "train/optimizer.h"
#include "train/state.h"

namespace actlab {

// What training changes: "model.fc1.weight", "optimizer.fc1.weight.exp_avg". Storage is shared.
std::vector<NamedTensor> trained_tensors(const Model& model, const Optimizer& optimizer);

// Everything that a run goes on from: those tensors, the states of the generators that dropout draws from
// ("random.cpu", "random.cuda"), the normalization, and the config but for what is not trained by.
Checkpoint take_snapshot(const Config& config, const TrainState& state, const Model& model,
                         const Optimizer& optimizer, const Normalization& normalization,
                         torch::Device device);

// Puts tensors and generators back to where they were, all or none. Throws Error (1) when a tensor does not
// fit.
void restore_snapshot(const Checkpoint& checkpoint, Model& model, Optimizer& optimizer, torch::Device device,
                      const std::string& name);

}  // namespace actlab
