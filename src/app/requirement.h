#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace actlab {

// A threshold on a metric: "accuracy>=0.98".
struct Requirement {
  std::string metric;
  std::string comparison;  // >= > <= <
  double threshold = 0;

  // Throws Error (2) when an evaluation gives no such number. `figures`: what one of no examples gives by
  // name.
  void check(const nlohmann::ordered_json& figures) const;

  // Of the JSON that evaluate prints. Throws Error (2) when it has no such number, (4)
  // when that is not finite.
  bool holds(const nlohmann::ordered_json& result) const;
};

// Throws Error (2) for anything that is not METRIC COMPARISON NUMBER.
Requirement parse_requirement(const std::string& text);

}  // namespace actlab
