#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/diagnosis.h"

namespace actlab::app {

struct ExamineRequest {
  std::filesystem::path file;  // a config, or a checkpoint
  std::vector<std::string> overrides = {};
  std::optional<int64_t> trial_steps = {};  // train it with every remedy, so long each
};

// Why a model trains or not, layer by layer. On a config: the untrained model, theory beside measurement. On
// a checkpoint: what training made of it. Throws Error: (2) for the config or an override, (3) for the data,
// (1) when the checkpoint is damaged.
Diagnosis examine(const ExamineRequest& request);

}  // namespace actlab::app
