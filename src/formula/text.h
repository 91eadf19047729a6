#pragma once

#include <cstddef>
#include <string>

#include "formula/formula.h"

namespace actlab {

// The formula with as few parentheses as parse_formula needs to make the same steps of it. Cut off after
// kMaxTextLength, which only derivatives reach: steps are shared, and each place of a text says them again.
std::string to_text(const Formula& formula);
// Of one step, an index into formula.steps.
std::string to_text(const Formula& formula, size_t step);

}  // namespace actlab
