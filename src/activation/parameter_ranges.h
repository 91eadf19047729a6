#pragma once

#include "core/field_rules.h"

namespace actlab {

// Of parameters that keep a function non-decreasing: the slope of its negative side, its steepness.
constexpr Range kNotNegative = {.min = 0, .max = 1e6};
constexpr Range kPositiveParameter = above_zero(1e6);
constexpr Range kAnyParameter = between(-1e6, 1e6);

}  // namespace actlab
