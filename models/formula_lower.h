#pragma once

#include "models/formula.h"

namespace actlab {

// The same function in fewer kinds of steps, chosen for speed: no square, relu, clamp and Phi,
// multiplications for small whole powers, and a comparison as the condition of each where.
Formula lower(const Formula& formula);

}  // namespace actlab
