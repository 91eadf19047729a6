#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "models/model.h"
#include "train/state.h"

namespace actlab {

// A checkpoint that has been read, and checked as far as that goes without its data.
struct StoredRun {
  Checkpoint checkpoint;
  Config config;
  TrainState state;
  std::string name;  // of the file, for messages
};

// Checks what load_checkpoint has read. Throws Error (1) that says what is wrong with its config or its
// state.
StoredRun check_stored(Checkpoint checkpoint, const std::string& name);

// The model of the checkpoint with its weights, on the CPU, once all its tensors are checked. Throws Error
// (1) when it does not fit.
std::shared_ptr<Model> stored_model(const StoredRun& stored);

}  // namespace actlab
