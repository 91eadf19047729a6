#include "models/pool_first.h"

#include <utility>

namespace actlab {
namespace {

bool commutes_with_max(const Layer& layer) {
  const auto* activation = std::get_if<ActivationLayer>(&layer);
  if (activation == nullptr) return false;
  const Activation built(activation->spec);
  return built.info().element_wise && built.info().non_decreasing;
}

}  // namespace

std::vector<NamedLayer> pool_first(std::vector<NamedLayer> layers) {
  for (size_t i = 0; i + 1 < layers.size(); ++i) {
    const bool pools_next = std::get_if<MaxPoolLayer>(&layers[i + 1].layer) != nullptr;
    if (pools_next && commutes_with_max(layers[i].layer)) std::swap(layers[i], layers[i + 1]);
  }
  return layers;
}

}  // namespace actlab
