#include <gtest/gtest.h>

#include <set>

#include "models/registry.h"
#include "parity_tensors.h"
#include "train/loss.h"
#include "train/optimizer.h"

namespace actlab::test {
namespace {

constexpr double kTolerance = 1e-5;

std::vector<NamedTensor> named_parameters(const Model& model) {
  std::vector<NamedTensor> parameters;
  for (const auto& item : model.named_parameters()) parameters.emplace_back(item.key(), item.value());
  return parameters;
}

// Trains the model of the figures for as many steps as `figure` has losses.
void compare(const nlohmann::json& figures, const nlohmann::json& figure) {
  const std::string name = figure["optimizer"];
  const torch::Tensor input = read_tensor(figures["input"]);
  const int64_t classes = figures["classes"];
  const InputShape shape{input.size(1), input.size(2), input.size(3)};
  const auto model = make_model(resolved(model_section(), figures["model"]), shape, classes);
  set_weights(*model, figures["weights"]);
  const Loss loss(resolved(loss_section(), "cross_entropy"), model->output(), classes);
  const torch::Tensor targets = loss.targets(read_labels(figures["labels"]));
  const auto optimizer = make_optimizer(resolved(optimizer_section(), name), named_parameters(*model),
                                        figures["no_decay"].get<std::vector<std::string>>());
  for (const double expected : figure["losses"]) {
    optimizer->zero_grad();
    const torch::Tensor value = loss(model->forward(input), targets);
    EXPECT_NEAR(value.item<double>(), expected, kTolerance) << name;
    value.backward();
    optimizer->step(optimizer->base_lr());
  }
  for (const auto& [key, parameter] : named_parameters(*model)) {
    expect_equal(parameter, figure["weights"][key], kTolerance, name + ": " + key);
  }
}

TEST(OptimizerParity, TenLossesAndTheWeightsAfterThemArePyTorchs) {
  const auto& figures = parity_figures()["optimizers"];
  for (const auto& figure : figures["cases"]) {
    ASSERT_EQ(figure["losses"].size(), 10u);
    compare(figures, figure);
  }
}

TEST(OptimizerParity, EveryOptimizerHasFigures) {
  std::set<std::string> compared;
  for (const auto& figure : parity_figures()["optimizers"]["cases"]) {
    compared.insert(component_type(resolved(optimizer_section(), figure["optimizer"])));
  }
  for (const auto& type : optimizer_section().types) {
    EXPECT_TRUE(compared.contains(type.name)) << type.name << ": add it to scripts/parity/optimizers.py";
  }
}

}  // namespace
}  // namespace actlab::test
