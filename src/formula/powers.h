#pragma once

#include "formula/formula.h"

namespace actlab {

// The same function with multiplications for small whole powers, which are many times as fast.
Formula powers_as_products(const Formula& formula);

}  // namespace actlab
