#pragma once

#include <nlohmann/json.hpp>

#include "core/shape.h"
#include "models/model.h"

namespace actlab {

// The weights of the first layer as pictures, for a report: {layer, units, shape: [C, H, W], largest,
// pixels}, a base64 text of uint8 a unit for at most 64 units, 128 where a weight is 0 and 1 or 255 where it
// is the layer's largest in magnitude. null where they are no pictures: without such a layer, or where
// examples are no images.
nlohmann::ordered_json record_first_weights(const Model& model, const Shape& input);

}  // namespace actlab
