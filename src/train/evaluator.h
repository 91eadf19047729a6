#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "models/model.h"
#include "train/loader.h"
#include "train/loss.h"
#include "train/metrics.h"

namespace actlab {

// The class that these probabilities, one a class, speak for. With two equal ones the second wins where there
// are two classes, the first elsewhere: what `p >= 0.5` and argmax say.
int64_t predicted_class(std::span<const float> probabilities);

// Called for each example in turn, with its probabilities, one a class.
using ExampleVisitor = std::function<void(int64_t index, int64_t label, int64_t predicted,
                                          std::span<const float> probabilities)>;

// Runs the model in evaluation mode over all examples, or the first `limit`, in their order, and counts.
// Deterministic: the same weights, data and threads give the same figures to the last digit. The loss is NaN
// where an output is. Leaves the model in the mode it had.
Metrics evaluate(Model& model, const Loss& loss, const Loader& data, int64_t classes,
                 const ExampleVisitor& visit = {}, int64_t limit = INT64_MAX);

}  // namespace actlab
