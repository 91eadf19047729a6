#pragma once

#include <torch/torch.h>

#include <vector>

#include "checkpoint/checkpoint.h"
#include "data/dataset.h"
#include "models/model.h"
#include "train/optimizer.h"

// What a checkpoint holds of a model, and how it gets back into one.
namespace actlab {

// Moves the model to the device, convolution weights channels_last. Its parameters stay the same objects.
void place(Model& model, torch::Device device);

// Parameters and buffers as "model.fc1.weight", in the order of registration. Storage is shared.
std::vector<NamedTensor> model_tensors(const Model& model);

// "data.mean" and "data.std", [C] each.
std::vector<NamedTensor> normalization_tensors(const Normalization& normalization);

// The normalization of the data that the checkpoint was trained on. Throws Error (1) when it has none.
Normalization stored_normalization(const Checkpoint& checkpoint, const std::string& name);

}  // namespace actlab
