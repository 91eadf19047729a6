#pragma once

#include "data/loader.h"
#include "models/model.h"
#include "train/loss.h"
#include "train/metrics.h"

namespace actlab {

// Runs the model in evaluation mode over all examples, in their order, and counts. Deterministic: the same
// weights, data and threads give the same figures to the last digit. Leaves the model in the mode it had.
Metrics evaluate(Model& model, const Loss& loss, const Loader& data, int64_t classes);

}  // namespace actlab
