#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "activation/shape.h"

// What `activations show` says of an activation.
namespace actlab {

// The activation that a command line names as model.activation does: `relu`, '{type: elu, alpha: 0.5}',
// 'formula: x * sigmoid(x)'. Throws Error (2) with every mistake, as a config's would be told.
ActivationSpec parse_activation_spec(const std::string& text);

// Nanoseconds an element.
struct ActivationTime {
  double forward = 0;   // as in training: with what the backward pass needs kept
  double backward = 0;  // dL/dx and what parameters there are, from dL/dy
};

// What holds of functions of one variable only.
struct ActivationMeasures {
  ActivationShape shape;
  ActivationMoments moments;
  CriticalPoint critical;
};

struct ActivationCard {
  ActivationSpec spec;
  ActivationInfo info;
  std::optional<ActivationMeasures> measures;
  std::optional<OutputMoments> moments;  // under N(0, 1) inputs
  ActivationTime time;
  ActivationTime relu_time;  // measured in turns with it
};

// Measures the activation, its time on this machine too (about a second).
ActivationCard make_activation_card(const ActivationSpec& spec);

nlohmann::ordered_json to_json(const ActivationCard& card);
// For people, a line a fact.
std::string to_text(const ActivationCard& card);

// Name, formula, derivative, range, parameters and source of a row, as `activations list --json` has them.
nlohmann::ordered_json to_json(const ActivationInfo& info);

}  // namespace actlab
