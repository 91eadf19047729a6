#pragma once

#include <optional>
#include <vector>

namespace actlab {

// The middle one, or the mean of the two in the middle; nothing of none.
std::optional<double> median(std::vector<double> values);

}  // namespace actlab
