#pragma once

#include "activation/activation.h"
#include "formula/formula.h"

namespace actlab {

// The row that stands for a formula in the catalogue's place: its parameters, its exact derivative as text,
// and what computes it. Throws FormulaError for a mistake in the formula.
ActivationInfo formula_info(const ActivationSpec& spec);

// Throws FormulaError for a mistake in the formula, and where its value or derivative is not finite or they
// do not go together, which is tried out in double precision.
void check_formula(const ActivationSpec& spec);

}  // namespace actlab
