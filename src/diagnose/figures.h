#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace actlab {

// Three significant digits, or all of a larger number's whole part: 0.00123, 1235. Without an exponent from a
// millionth to ten millions; beyond, "1.2e-20". "-" for what has no value.
std::string figure_text(double value);

// A share in percent: "12.3 %".
std::string percent_text(double share);

// The number; null for what has no value, which JSON cannot say otherwise.
nlohmann::ordered_json figure_json(double value);

}  // namespace actlab
