#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "config/fields.h"

namespace actlab {

// What a lesson claims of a figure: {at_least: X}, {at_most: Y}, both, or {equals: X}, each to within
// `tolerance`.
struct Expectation {
  std::optional<double> at_least;
  std::optional<double> at_most;
  std::optional<double> equals;
  double tolerance = 0;

  // False for NaN and infinities, which are no result.
  bool holds(double value) const;
  std::string text() const;  // "at most 0.25", "0.5 ± 0.02", "0.4 to 0.6"
};

// Reports bounds that are missing, or that no value can keep.
void read_value(const Node& node, Expectation& out, const ReadContext& context);

// The keys of the config that were given.
nlohmann::ordered_json to_json(const Expectation& expectation);

}  // namespace actlab
