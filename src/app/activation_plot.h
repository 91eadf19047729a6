#pragma once

#include <string>
#include <vector>

#include "activation/activation.h"

namespace actlab {

// Functions and their derivatives over [from, to], in two panels side by side: an SVG file of its own. Throws
// Error (2) when one is not of one variable.
std::string activation_svg(const std::vector<ActivationSpec>& specs, double from, double to);

// The same for a terminal, one panel above the other.
std::string activation_text(const std::vector<ActivationSpec>& specs, double from, double to, bool color);

}  // namespace actlab
