#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "models/model.h"
#include "train/loader.h"
#include "train/loss.h"
#include "train/metrics.h"

namespace actlab {

// What a report shows of a model on one part of the data, beside the metrics.
struct EvaluationRecord {
  Metrics metrics;
  // split, the metrics, and
  //   classes   their names
  //   roc       [{class, auc, points: [[false positive rate, true positive rate], ...]}], at most 200 points;
  //             each class against the rest, or class 1 where there are two
  //   mistakes  [{index, label, predicted, probability, shape, pixels}], those it was surest of first, at
  //             most 24; `pixels` is base64 of the uint8 values
  nlohmann::ordered_json json;
};

// Evaluates as `evaluate` does. `part` holds the same examples as `loader`.
EvaluationRecord record_evaluation(Model& model, const Loss& loss, const Loader& loader, const Dataset& part,
                                   const std::string& split, const std::vector<std::string>& class_names);

}  // namespace actlab
