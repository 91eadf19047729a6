#include "core/field_rules.h"

#include <cmath>
#include <cstdint>

#include "core/number_text.h"

namespace actlab {
namespace {

// 1000000 rather than 1e+06.
std::string bound_text(double bound) {
  if (bound == std::floor(bound) && std::abs(bound) < 1e15)
    return std::to_string(static_cast<int64_t>(bound));
  return number_text(bound);
}

}  // namespace

bool Range::contains(double value) const {
  const bool above = min_excluded ? value > min : value >= min;
  const bool below = max_excluded ? value < max : value <= max;
  return std::isfinite(value) && above && below;
}

std::string Range::text() const {
  const bool has_min = min > -std::numeric_limits<double>::max();
  const bool has_max = max < std::numeric_limits<double>::max();
  if (has_min && has_max) {
    return std::string("in ") + (min_excluded ? "(" : "[") + bound_text(min) + ", " + bound_text(max) +
           (max_excluded ? ")" : "]");
  }
  if (has_min) return (min_excluded ? "above " : "at least ") + bound_text(min);
  if (has_max) return (max_excluded ? "below " : "at most ") + bound_text(max);
  return "";
}

}  // namespace actlab
