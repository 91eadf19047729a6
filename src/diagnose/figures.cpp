#include "diagnose/figures.h"

#include <cmath>
#include <cstdlib>

#include "core/number_text.h"
#include "core/text.h"

namespace actlab {

std::string figure_text(double value) {
  if (!std::isfinite(value)) return "-";
  const double size = std::abs(value);
  if (size >= 999.5 && size < 1e7) return formatted("%.0f", value);
  std::string text = formatted("%.3g", value);
  const size_t exponent = text.find('e');
  if (exponent == std::string::npos) return text;
  if (size >= 1e-6 && size < 1) return plain_text(std::strtod(text.c_str(), nullptr));
  return text.substr(0, exponent + 1) + std::to_string(std::stoi(text.substr(exponent + 1)));
}

std::string percent_text(double share) {
  return figure_text(100 * share) + " %";
}

nlohmann::ordered_json figure_json(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

}  // namespace actlab
