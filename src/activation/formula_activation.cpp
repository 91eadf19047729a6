#include "activation/formula_activation.h"

#include "activation/formula_check.h"
#include "activation/formula_function.h"
#include "formula/derivative.h"
#include "formula/parser.h"
#include "formula/text.h"

namespace actlab {
namespace {

FormulaFunction compile(const ActivationSpec& spec) {
  std::vector<std::string> names;
  for (const auto& [name, value] : spec.parameters) names.push_back(name);
  return FormulaFunction(parse_formula(spec.formula, names), {spec.learned.begin(), spec.learned.end()});
}

}  // namespace

ActivationInfo formula_info(const ActivationSpec& spec) {
  const FormulaFunction function = compile(spec);
  ActivationInfo info;
  info.name = kFormulaType;
  info.formula = spec.formula;
  info.derivative = to_text(derivative(function.formula(), "x"));
  for (const auto& name : function.formula().parameters) {
    const double value = spec.parameters.at(name);
    info.parameters.push_back({name, value, {}, spec.learned.contains(name) ? name : ""});
  }
  info.apply = [function](const torch::Tensor& x, const ActivationArguments& arguments) {
    return function(x, arguments.learned, arguments.constants);
  };
  return info;
}

void check_formula(const ActivationSpec& spec) {
  const FormulaFunction function = compile(spec);
  std::vector<double> learned, constants;
  for (const auto& name : function.formula().parameters) {
    (spec.learned.contains(name) ? learned : constants).push_back(spec.parameters.at(name));
  }
  check_gradient(function, learned, constants);
}

}  // namespace actlab
