#pragma once

#include <string>
#include <vector>

#include "formula/formula.h"

namespace actlab {

// The exact derivative of the first result, simplified; `name` is "x" or a parameter. Where there is none it
// is what PyTorch says: 0 for relu, abs and sign at 0, the mean of both sides for min and max, the inner one
// for clamp. What where() does not choose has no say in its derivative, not even as NaN. Throws Error (1) for
// another name.
Formula derivative(const Formula& formula, const std::string& name);

// Results: the first result itself, simplified, then its derivative by each of the names, in shared steps.
Formula with_derivatives(const Formula& formula, const std::vector<std::string>& names);

}  // namespace actlab
