#include "models/init_auto.h"

#include <gtest/gtest.h>

#include "activation/moments.h"
#include "models/registry.h"

namespace actlab {
namespace {

std::string formula(const std::string& b) {
  return "{formula: tanh(b * x), parameters: {b: " + b + "}}";
}

TEST(InitAuto, FormulasAreToldApartByTheirParameters) {
  Problems problems;
  const Node given = parse_yaml_value("{type: mlp, hidden: [20, 20, 20], activation: [" + formula("1") +
                                          ", " + formula("3") + ", " + formula("3") + "]}",
                                      problems, "model");
  const Node model = resolve_component(given, model_section().types, ReadContext{"model", problems});
  problems.throw_if_any();
  const auto layers = critical_layer_inits(*make_model(model, {}, 2));
  const auto critical = [](double b) {
    const ActivationSpec spec{kFormulaType, {{"b", b}}, "tanh(b * x)"};
    return critical_point(ActivationCurve(spec)).weight_variance;
  };
  EXPECT_DOUBLE_EQ(layers.at(1).weight_variance, critical(1));
  EXPECT_DOUBLE_EQ(layers.at(2).weight_variance, critical(3));
}

}  // namespace
}  // namespace actlab
