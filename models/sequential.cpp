#include "models/sequential.h"

#include <algorithm>

namespace actlab {

std::string SequentialOptions::problem() const {
  if (layers.empty()) return "layers: give at least one layer";
  const auto activations = std::ranges::count(layers, ActivationLayer::kType, layer_type);
  return activation.problem(static_cast<size_t>(activations));
}

ModelDescription describe(const SequentialOptions& options, const InputShape&, int64_t classes) {
  std::vector<NamedLayer> layers;
  size_t activations = 0;
  std::string width_key = "a linear layer at the end of model.layers, with units";
  for (Layer layer : options.layers) {
    if (auto* linear = std::get_if<LinearLayer>(&layer)) {
      linear->units = {linear->units.value.value_or(classes)};
      width_key = "model.layers." + std::to_string(layers.size()) + ".units";
    } else if (auto* activation = std::get_if<ActivationLayer>(&layer)) {
      activation->spec = options.activation.at(activations++);
    }
    layers.push_back({"layers." + std::to_string(layers.size()), layer});
  }
  return {layers, options.output, options.init, width_key};
}

}  // namespace actlab
