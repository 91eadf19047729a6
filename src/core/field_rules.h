#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

// What a field of an options struct may hold. Apart from config/, so that models can describe their options
// without knowing how they are written down.
namespace actlab {

// What a number may be. NaN and infinities never are.
struct Range {
  double min = -std::numeric_limits<double>::max();
  double max = std::numeric_limits<double>::max();
  bool min_excluded = false;
  bool max_excluded = false;

  bool contains(double value) const;
  std::string text() const;  // "at least 0", "in (0, 1]", "above 0"
};

// What a name may be; for messages, what lists the names where they are many ("actlab activations list"), and
// what they name ("activation"), which is otherwise told by the key.
struct Choice {
  std::vector<std::string> names;
  std::string list = {};
  std::string kind = {};
};

constexpr Range at_least(double min) {
  return {.min = min};
}
constexpr Range between(double min, double max) {
  return {.min = min, .max = max};
}
constexpr Range fraction_below_one() {
  return {.min = 0, .max = 1, .max_excluded = true};
}
constexpr Range above_zero(double max = std::numeric_limits<double>::max()) {
  return {.min = 0, .max = max, .min_excluded = true};
}

// A number, or `auto`.
template <class T>
struct Auto {
  std::optional<T> value;
  bool operator==(const Auto&) const = default;
};

}  // namespace actlab
