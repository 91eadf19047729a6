#include "train/activation_record.h"

#include <map>

#include "activation/shape.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

constexpr double kReach = 8;  // as far as the tutorial plots
constexpr int64_t kPoints = 321;

ordered_json describe(const Activation& activation) {
  const ActivationInfo& info = activation.info();
  ordered_json entry = {{"name", short_text(activation.spec())},
                        {"formula", info.formula},
                        {"derivative", info.derivative},
                        {"layers", ordered_json::array()},
                        {"learned", ordered_json::object()},
                        {"x", nullptr},
                        {"y", nullptr},
                        {"slope", nullptr}};
  for (const auto& parameter : activation.named_parameters()) {
    entry["learned"][parameter.key()] = parameter.value().item<double>();
  }
  if (!info.element_wise) return entry;
  const SampledCurve curve = sampled_curve(ActivationCurve(activation), -kReach, kReach, kPoints);
  entry["x"] = curve.x;  // JSON has null for NaN and Inf
  entry["y"] = curve.value;
  entry["slope"] = curve.slope;
  return entry;
}

}  // namespace

ordered_json record_activations(const Model& model) {
  ordered_json entries = ordered_json::array();
  std::map<ActivationSpec, size_t> places;  // of those that learn nothing
  for (const auto& layer : model.hidden()) {
    size_t place = entries.size();
    if (layer.activation->parameters().empty()) {
      place = places.try_emplace(layer.activation->spec(), place).first->second;
    }
    if (place == entries.size()) entries.push_back(describe(*layer.activation));
    entries[place]["layers"].push_back(layer.name);
  }
  return entries;
}

}  // namespace actlab
