#include "formula/formula.h"

#include <actlab/formula.h>

#include <vector>

#include "formula/derivative.h"
#include "formula/parser.h"
#include "formula/text.h"

namespace actlab::v0 {

struct ScalarFormula::Parts {
  Formula formula;
  Formula derivative;
  std::vector<double> values;  // of the parameters, in the formulas' order, which both share
};

ScalarFormula::ScalarFormula(const std::string& text, const std::map<std::string, double>& parameters) {
  std::vector<std::string> names;
  std::vector<double> values;
  for (const auto& [name, value] : parameters) {
    names.push_back(name);
    values.push_back(value);
  }
  Formula formula = parse_formula(text, names);
  Formula slope = actlab::derivative(formula, "x");
  parts_ = std::make_shared<Parts>(std::move(formula), std::move(slope), std::move(values));
}

double ScalarFormula::operator()(double x) const {
  return evaluate(parts_->formula, x, parts_->values);
}

double ScalarFormula::derivative(double x) const {
  return evaluate(parts_->derivative, x, parts_->values);
}

std::string ScalarFormula::text() const {
  return to_text(parts_->formula);
}

std::string ScalarFormula::derivative_text() const {
  return to_text(parts_->derivative);
}

}  // namespace actlab::v0
