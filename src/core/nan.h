#pragma once

#include <limits>

namespace actlab {

// For "no number" where figures are stored.
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace actlab
