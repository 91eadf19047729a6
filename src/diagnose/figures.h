#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace actlab {

// Three significant digits; "-" for what has no value.
std::string figure_text(double value);

// The number; null for what has no value, which JSON cannot say otherwise.
nlohmann::ordered_json figure_json(double value);

}  // namespace actlab
