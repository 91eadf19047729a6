#pragma once

#include <string>
#include <vector>

#include "formula/formula.h"

namespace actlab {

// Reads a formula. Throws FormulaError for any mistake; one is also a parameter that does not occur, that is
// named like a function, a constant or x, or twice, and a formula without x.
Formula parse_formula(const std::string& text, const std::vector<std::string>& parameters = {});

}  // namespace actlab
