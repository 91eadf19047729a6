#pragma once

#include <nlohmann/json.hpp>

#include "models/model.h"

namespace actlab {

// The hidden activations of a model as curves, as they are now:
//   [{name, formula, derivative, layers, learned, x, y, slope}]
// Layers that share an activation without learned parameters share an entry. y and slope are null where the
// activation is not element-wise, and single values where they are not finite.
nlohmann::ordered_json record_activations(const Model& model);

}  // namespace actlab
