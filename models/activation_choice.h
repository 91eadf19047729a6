#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "activation/activation.h"

namespace actlab {

// `activation:` of a model: one for all hidden layers, or a list with one for each.
struct ActivationChoice {
  std::vector<ActivationSpec> specs = {ActivationSpec{}};

  const ActivationSpec& at(size_t layer) const { return specs.size() == 1 ? specs[0] : specs.at(layer); }

  // What is wrong with this choice for a model of so many hidden activations; empty when nothing is.
  std::string problem(size_t layers) const {
    if (specs.size() == 1 || specs.size() == layers) return "";
    return "activation: " + std::to_string(specs.size()) + " given for " + std::to_string(layers) +
           " hidden layers; give one, or one for each";
  }
};

}  // namespace actlab
