#pragma once

#include <torch/types.h>

#include <memory>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "data/dataset.h"
#include "models/model.h"
#include "train/optimizer.h"

// How a model starts, what a checkpoint holds of it, and how that gets back into one.
namespace actlab {

// The untrained model that training starts from: its weights follow from the seed.
std::shared_ptr<Model> new_model(const Config& config, const ExampleShape& shape);

// Moves the model to the device, convolution weights channels_last. Its parameters stay the same objects.
void place(Model& model, torch::Device device);

// Parameters and buffers as "model.fc1.weight", in the order of registration. Storage is shared.
std::vector<NamedTensor> model_tensors(const Model& model);

// "data.mean" and "data.std", [C] each.
std::vector<NamedTensor> normalization_tensors(const Normalization& normalization);

// The normalization of the data that a checked checkpoint was trained on.
Normalization stored_normalization(const Checkpoint& checkpoint);

}  // namespace actlab
