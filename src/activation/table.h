#pragma once

#include <string>
#include <vector>

#include "activation/activation.h"

namespace actlab {

// The catalogue, in the order of the documentation.
const std::vector<ActivationInfo>& activation_table();

// What lists them, for messages.
inline constexpr const char* kActivationList = "actlab activations list";

// Names of the catalogue.
std::vector<std::string> activation_names();

// The row of that name. Throws Error (2) with the nearest name.
const ActivationInfo& find_activation(const std::string& name);

}  // namespace actlab
