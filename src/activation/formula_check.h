#pragma once

#include <vector>

#include "activation/formula_function.h"

namespace actlab {

// Compares the function and its gradient, computed in double as in training, with the formula evaluated step
// by step and its central differences, for x from -6 to 6 and for each learned parameter. `learned` and
// `constants` are parameter values as in FormulaFunction::values. Kinks and jumps are no mistake, whatever
// their place. Throws Error (2) naming the formula and x where the two differ, or where the value or the
// gradient is not finite; 0 is one of the places, because pre-activations of exactly 0 are common.
void check_gradient(const FormulaFunction& function, const std::vector<double>& learned = {},
                    const std::vector<double>& constants = {});

}  // namespace actlab
