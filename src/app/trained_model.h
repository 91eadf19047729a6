#pragma once

#include <torch/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "data/dataset.h"
#include "models/model.h"
#include "train/state.h"
#include "train/task.h"

namespace actlab {

// A model as a checkpoint holds it, ready to be run.
struct TrainedModel {
  Config config;  // the checkpoint's, with overrides; threads resolved
  TrainState state;
  Normalization normalization;
  torch::Device device;
  std::shared_ptr<Model> model;
  std::shared_ptr<const Task> task;
};

// Stands for the options of the section `data` that are paths: data.root, or data.train_images and so on.
inline constexpr const char* kDataFiles = "data files";

// Reads and verifies the checkpoint and builds its model, in evaluation mode. Runs where it was trained, or
// on the CPU when that GPU is not there and no device=... asks for it. `allowed` are the keys, or the
// sections, that overrides may change, kDataFiles for where the data lie: what training has fixed is not
// among them. Throws Error (1) when the file is damaged or does not fit, (2) when an override is wrong or not
// allowed.
TrainedModel load_trained_model(const std::filesystem::path& path, const std::vector<std::string>& overrides,
                                const std::vector<std::string>& allowed);

// Throws Error (3) when the data are not of the kind that the model was trained on: another shape, or other
// classes. `name` is the checkpoint's.
void check_data(const TrainedModel& trained, const DataParts& data, const std::string& name);

}  // namespace actlab
