#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/requirement.h"
#include "train/evaluator.h"

namespace actlab::app {

struct EvaluateRequest {
  std::filesystem::path checkpoint;
  std::vector<std::string> overrides =
      {};                      // data.*, device, threads; of data.* only paths on other splits than test
  std::string split = "test";  // or validation, train
  std::optional<Requirement> requirement = {};
};

struct EvaluateResult {
  std::filesystem::path checkpoint;  // absolute
  std::string split;
  std::shared_ptr<const Task> task;
  Evaluation evaluation;

  // {"checkpoint", "split", what Evaluation::to_json gives}
  nlohmann::ordered_json to_json() const;
};

// Measures a checkpoint on a split of its data. Throws Error: (2) for an unknown split, an override that is
// not allowed, or a requirement that its task has no figure for, (3) when the data are of another kind or the
// split is empty, (4) where outputs or losses are NaN or infinite, (1) when the checkpoint is damaged.
EvaluateResult evaluate(const EvaluateRequest& request);

}  // namespace actlab::app
