#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "models/model.h"
#include "train/loader.h"
#include "train/task.h"

namespace actlab {

// How well a model does on some examples.
struct Evaluation {
  int64_t examples = 0;
  double loss = 0;  // mean; 0 without examples
  Headline headline;
  double value = 0;                                   // the headline's; NaN where undefined
  std::optional<std::pair<double, double>> interval;  // of the value, at 95 %, where it has one
  std::unique_ptr<Scores> scores;
  nlohmann::ordered_json figures;  // of the scores

  // {"examples", "loss", the figures, "headline"}
  nlohmann::ordered_json to_json() const;
};

// "accuracy 98.49 % (95 % interval 98.23 to 98.71)"
std::string headline_text(const Evaluation& evaluation);

// Runs the model in evaluation mode over all examples, or the first `limit`, in their order. Deterministic:
// the same weights, data and threads give the same figures to the last digit. Leaves the model in the mode it
// had. `detailed` as Task::scores has it. Throws Error (4) that begins with `part` ("the test data") and says
// which, where outputs or losses are NaN or infinite: there are no figures then.
Evaluation evaluate(Model& model, const Task& task, const Loader& data, const std::string& part,
                    bool detailed = false, int64_t limit = INT64_MAX);

}  // namespace actlab
