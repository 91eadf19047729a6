#pragma once

#include <torch/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace actlab {

// What a run saves to go on from, or to be evaluated: one safetensors file, every byte of it covered by a
// SHA-256.
struct Checkpoint {
  std::string config;  // the resolved config as YAML, without run.*
  std::string state;   // the training state as JSON, see TrainState
  // "model.fc1.weight", "optimizer.fc1.weight.exp_avg", "random.cpu", "data.mean", ...
  std::vector<std::pair<std::string, torch::Tensor>> tensors;
};

// Writes the file whole or not at all. Equal checkpoints give equal bytes. Throws Error (1); what stood there
// before is then untouched.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

// Reads and verifies the whole file. Tensors are on the CPU. Throws Error (1) that says what is wrong with
// it.
Checkpoint load_checkpoint(const std::filesystem::path& path);

// Compares names, shapes and dtypes with those of `expected`, whose numbers do not count. Throws Error (1)
// naming every tensor that is missing, extra or of another shape or dtype.
void check_tensors(const Checkpoint& checkpoint,
                   const std::vector<std::pair<std::string, torch::Tensor>>& expected,
                   const std::string& name);

// Copies tensors of a checked checkpoint into those of `targets`, which it must hold.
void restore(const Checkpoint& checkpoint, const std::vector<std::pair<std::string, torch::Tensor>>& targets);

}  // namespace actlab
