#include "diagnose/figures.h"

#include <cmath>

#include "core/text.h"

namespace actlab {

std::string figure_text(double value) {
  return std::isfinite(value) ? formatted("%.3g", value) : "-";
}

nlohmann::ordered_json figure_json(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

}  // namespace actlab
