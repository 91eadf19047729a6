#include "activation/activation.h"

#include <algorithm>

#include "activation/formula_activation.h"
#include "activation/table.h"
#include "core/error.h"
#include "core/number_text.h"
#include "core/suggest.h"

namespace actlab {
namespace {

// The row of a named activation, or one made for the formula.
ActivationInfo info_for(const ActivationSpec& spec) {
  return spec.type == kFormulaType ? formula_info(spec) : find_activation(spec.type);
}

}  // namespace

std::string short_text(const ActivationSpec& spec) {
  std::string given;
  const auto add = [&](const std::string& name, double value) {
    given += (given.empty() ? "" : ", ") + name + "=" + number_text(value);
  };
  if (spec.type == kFormulaType) {
    for (const auto& [name, value] : spec.parameters) add(name, value);
    return spec.formula + (given.empty() ? "" : " with " + given);
  }
  for (const auto& parameter : find_activation(spec.type).parameters) {
    const auto found = spec.parameters.find(parameter.name);
    if (found == spec.parameters.end() || found->second == parameter.value) continue;
    add(parameter.name, found->second);
  }
  return given.empty() ? spec.type : spec.type + "(" + given + ")";
}

Activation::Activation(const ActivationSpec& spec) : spec_(spec), info_(info_for(spec)) {
  std::vector<std::string> known;
  for (const auto& parameter : info_.parameters) {
    known.push_back(parameter.name);
    const auto given = spec.parameters.find(parameter.name);
    const double value = given == spec.parameters.end() ? parameter.value : given->second;
    if (!parameter.range.contains(value)) {
      throw Error(ExitStatus::kUsage, "activation " + info_.name + ": " + parameter.name + " must be " +
                                          parameter.range.text() + ", not " + plain_text(value));
    }
    if (parameter.learned()) {
      arguments_.learned.push_back(register_parameter(parameter.weight, torch::full({1}, value)));
    } else {
      arguments_.constants.push_back(value);
    }
  }
  const std::string problem = info_.problem ? info_.problem(arguments_) : "";
  if (!problem.empty()) throw Error(ExitStatus::kUsage, "activation " + short_text(spec) + ": " + problem);
  for (const auto& [name, value] : spec.parameters) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw Error(ExitStatus::kUsage, "activation " + info_.name + " has no parameter '" + name + "'" +
                                        did_you_mean(name, known) +
                                        (known.empty() ? "" : " (" + known_names(known) + ")"));
  }
}

int64_t Activation::output_width(int64_t width) const {
  if (!info_.width) return width;
  const int64_t out = info_.width(width, arguments_);
  if (out > 0) return out;
  throw Error(ExitStatus::kUsage, "activation " + short_text(spec_) + " cannot follow " +
                                      std::to_string(width) + " features or channels: it combines them in " +
                                      "equal groups, so choose a width that divides");
}

}  // namespace actlab
