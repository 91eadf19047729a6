#include "diagnose/prediction.h"

#include <algorithm>
#include <cmath>

#include "diagnose/figures.h"

namespace actlab {

using nlohmann::ordered_json;

double dead_probability(const std::vector<OffShare>& layers) {
  double alive = 0;  // its logarithm
  for (const auto& [units, share] : layers) alive += std::log1p(-std::pow(share, static_cast<double>(units)));
  return std::max(0.0, -std::expm1(alive));
}

ordered_json to_json(const LayerPrediction& prediction) {
  return {{"pre_std", figure_json(prediction.pre_std)},
          {"mean", figure_json(prediction.mean)},
          {"std", figure_json(prediction.std)},
          {"delta_ratio", figure_json(prediction.delta_ratio)},
          {"gradient", figure_json(prediction.gradient)}};
}

ordered_json to_json(const Theory& theory) {
  ordered_json gains = ordered_json::array();
  for (const auto& layer : theory.layers) {
    gains.push_back({{"layer", layer.layer},
                     {"gain", figure_json(layer.gain)},
                     {"bias_std", figure_json(layer.bias_std)},
                     {"critical_gain", figure_json(layer.critical_gain)},
                     {"critical_bias_std", figure_json(layer.critical_bias_std)}});
  }
  return {{"vanishing_depth", figure_json(theory.vanishing_depth)},
          {"exploding_depth", figure_json(theory.exploding_depth)},
          {"dead_probability", figure_json(theory.dead_probability)},
          {"gains", gains},
          {"notes", theory.notes}};
}

}  // namespace actlab
