#include <gtest/gtest.h>
#include <torch/utils.h>

#include <set>

#include "models/registry.h"
#include "parity_tensors.h"
#include "train/model_state.h"
#include "train/optimizer.h"
#include "train/tasks.h"

namespace actlab::test {
namespace {

std::vector<NamedTensor> named_parameters(const Model& model) {
  std::vector<NamedTensor> parameters;
  for (const auto& item : model.named_parameters()) parameters.emplace_back(item.key(), item.value());
  return parameters;
}

// Trains the model of the figures for ten steps.
void compare_optimizer(const nlohmann::json& figures, const nlohmann::json& figure) {
  const std::string name = figure["optimizer"];
  const torch::Tensor input = read_tensor(figures["input"]);
  const int64_t classes = figures["classes"];
  const InputShape shape{input.size(1), input.size(2), input.size(3)};
  const auto model = make_model(resolved(model_section(), figures["model"]), shape, classes);
  set_weights(*model, figures["weights"]);
  const Classification task = classification("cross_entropy", model->output(), classes);
  const torch::Tensor labels = read_labels(figures["labels"]);
  const auto optimizer = make_optimizer(resolved(optimizer_section(), name), named_parameters(*model),
                                        figures["no_decay"].get<std::vector<std::string>>());
  std::vector<torch::Tensor> losses;
  while (losses.size() < 10) {
    optimizer->zero_grad();
    losses.push_back(task.loss(model->forward(input), labels));
    losses.back().backward();
    optimizer->step(optimizer->base_lr());
  }
  expect_equal(torch::stack(losses), figure["losses"], name + ": losses");
  for (const auto& [key, parameter] : named_parameters(*model)) {
    expect_equal(parameter, figure["weights"][key], name + ": " + key);
  }
}

void copy_weights(const Model& from, const Model& to) {
  torch::NoGradGuard no_grad;
  for (const auto& [key, parameter] : named_parameters(from)) to.named_parameters()[key].copy_(parameter);
}

void train_steps(Model& model, const torch::Tensor& input, const torch::Tensor& labels,
                 const std::string& yaml) {
  const auto optimizer = make_optimizer(resolved(optimizer_section(), yaml), named_parameters(model), {});
  const Classification task = classification("nll", model.output(), 10);
  for (int step = 0; step < 3; ++step) {
    optimizer->zero_grad();
    task.loss(model.forward(input), labels).backward();
    optimizer->step(0.01);
  }
}

TEST(OptimizerParity, TenLossesAndTheWeightsAfterThemArePyTorchs) {
  const auto& figures = parity_figures()["optimizers"];
  for (const auto& figure : figures["cases"]) compare_optimizer(figures, figure);
}

// The fused kernels go through memory in its order, so weights, gradients and state must share one layout.
TEST(Optimizer, UpdatesChannelsLastWeightsAsPlainOnes) {
  const torch::Tensor plain_input = torch::randn({4, 3, 8, 8});
  const torch::Tensor input = plain_input.contiguous(torch::MemoryFormat::ChannelsLast);
  const torch::Tensor labels = torch::tensor({0, 1, 2, 3}, torch::kInt64);
  for (const char* yaml :
       {"{type: adam, eps: 0.01}", "{type: sgd, momentum: 0.9}", "{type: rmsprop, eps: 0.01}"}) {
    const auto plain = make_model(resolved(model_section(), "simple_cnn"), {3, 8, 8}, 10);
    const auto placed = make_model(resolved(model_section(), "simple_cnn"), {3, 8, 8}, 10);
    copy_weights(*plain, *placed);
    place(*placed, torch::kCPU);
    ASSERT_TRUE(placed->named_parameters()["conv2.weight"].is_contiguous(torch::MemoryFormat::ChannelsLast));
    train_steps(*plain, plain_input, labels, yaml);
    train_steps(*placed, input, labels, yaml);
    for (const auto& [key, parameter] : named_parameters(*plain)) {
      EXPECT_TRUE(torch::allclose(placed->named_parameters()[key], parameter, 1e-4, 1e-5))
          << yaml << ": " << key;
    }
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
