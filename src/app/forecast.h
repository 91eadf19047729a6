#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "data/dataset.h"
#include "diagnose/prediction.h"

namespace actlab {

// What theory says of the model that the config starts from with overrides, on examples of that shape; each
// is worked out once. Nothing where theory has nothing to say: batch norm rescales every layer, and a config
// may be wrong with them. `input_second`: mean square of the inputs. Draws from LibTorch's default generator.
using Forecast = std::function<std::optional<Theory>(const std::vector<std::string>& overrides)>;
Forecast forecast_of(const Config& config, const ExampleShape& shape, double input_second = 1);

}  // namespace actlab
