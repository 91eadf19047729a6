#pragma once

#include <cstddef>

#include "formula/formula.h"

namespace actlab {

// Operations of formulas on blocks of this many numbers: small enough for all intermediate results of a
// formula to stay in the nearest cache.
inline constexpr size_t kFormulaBlock = 1024;

// out[i] = op(a[i], b[i], c[i]) for a whole block, vectorised for the processor that the program runs on; as
// many operands as the operation has, the others unused. `out` may be one of them. Comparisons give 1 and 0.
// Within some units in the last place of formula_op(op).evaluate, and NaN where that is.
void apply_to_block(FormulaOp op, float* out, const float* a, const float* b, const float* c);
void apply_to_block(FormulaOp op, double* out, const double* a, const double* b, const double* c);

}  // namespace actlab
