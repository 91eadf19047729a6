#pragma once

#include <optional>

#include "rundir/history.h"

namespace actlab::report {

// evaluation.json as the run wrote it; nothing where it is no object.
std::optional<Evaluation> to_evaluation(const Json& in);

// first_weights.json, without pictures where it has none.
FirstWeights to_first_weights(const Json& in);

}  // namespace actlab::report
