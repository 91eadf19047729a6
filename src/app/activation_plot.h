#pragma once

#include <string>
#include <vector>

#include "activation/activation.h"
#include "plot/plot.h"

namespace actlab {

// Each function as a line and its derivative dashed in the same colour, over [from, to]. Throws Error (2)
// when one is not of one variable.
std::vector<Series> activation_series(const std::vector<ActivationSpec>& specs, double from, double to);

// A file of its own: SVG.
std::string activation_svg(const std::vector<ActivationSpec>& specs, double from, double to);

}  // namespace actlab
