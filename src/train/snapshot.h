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

// Whether the checkpoint is what take_snapshot gives of that model in that state, by its tensors: their
// names, all of them and no others, shapes and dtypes; no NaN or infinity; no standard deviation, variance,
// mean of squares or count that cannot be; states that the generators take. Whatever reads a checkpoint asks
// this first. Throws Error (1) that says which tensors are wrong.
void check_snapshot(const Checkpoint& checkpoint, const Config& config, const TrainState& state,
                    const Model& model, const std::string& name);

// Puts tensors and generators of a checked checkpoint back to where they were.
void restore_snapshot(const Checkpoint& checkpoint, Model& model, Optimizer& optimizer, torch::Device device);

}  // namespace actlab
