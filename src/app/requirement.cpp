#include "app/requirement.h"

#include <charconv>
#include <cmath>
#include <vector>

#include "core/error.h"
#include "core/suggest.h"
#include "core/text.h"

namespace actlab {
namespace {

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

[[noreturn]] void reject(const std::string& text, const std::string& why) {
  throw Error(ExitStatus::kUsage,
              "--require '" + text + "': " + why + "; write for example 'accuracy>=0.98'");
}

}  // namespace

Requirement parse_requirement(const std::string& text) {
  const size_t sign = text.find_first_of("<>");
  if (sign == std::string::npos) reject(text, "has no comparison (>=, >, <=, <)");
  const size_t length = sign + 1 < text.size() && text[sign + 1] == '=' ? 2 : 1;
  Requirement requirement{trimmed(text.substr(0, sign)), text.substr(sign, length), 0};
  const std::string number = trimmed(text.substr(sign + length));
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), requirement.threshold);
  if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(requirement.threshold)) {
    reject(text, "'" + number + "' is not a number");
  }
  return requirement;
}

void Requirement::check(const nlohmann::ordered_json& figures) const {
  std::vector<std::string> names;
  for (const auto& [name, value] : figures.items()) {
    if (value.is_structured()) continue;
    if (name == metric) return;
    names.push_back(name);
  }
  throw Error(ExitStatus::kUsage, "--require: there is no metric '" + metric + "' for this task" +
                                      did_you_mean(metric, names) + " (" + known_names(names) + ")");
}

bool Requirement::holds(const nlohmann::ordered_json& result) const {
  const auto found = result.find(metric);
  if (found == result.end() || !found->is_number()) {
    throw Error(ExitStatus::kUsage, "--require: " + metric + " is undefined for these data");
  }
  const double value = found->get<double>();
  if (!std::isfinite(value))
    throw Error(ExitStatus::kDiverged, "--require: " + metric + " is NaN or Inf, which meets no requirement");
  if (comparison == ">=") return value >= threshold;
  if (comparison == ">") return value > threshold;
  return comparison == "<=" ? value <= threshold : value < threshold;
}

}  // namespace actlab
