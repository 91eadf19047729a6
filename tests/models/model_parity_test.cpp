#include <gtest/gtest.h>
#include <torch/utils.h>

#include "models/registry.h"
#include "parity_tensors.h"
#include "train/model_state.h"
#include "train/tasks.h"

namespace actlab::test {
namespace {

// The weights of models that are too large to list; scripts/parity/models.py has the same formula.
void set_formula_weights(torch::nn::Module& module) {
  torch::NoGradGuard no_grad;
  for (auto& parameter : module.parameters()) {
    std::vector<float> values(static_cast<size_t>(parameter.numel()));
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>((static_cast<double>(i * 7919 % 1000) - 500) / 5000);
    }
    parameter.copy_(torch::tensor(values).reshape(parameter.sizes()));
  }
}

InputShape shape_of(const torch::Tensor& input) {
  return {input.size(1), input.size(2), input.size(3)};
}

void compare_model(const nlohmann::json& figure, const torch::Tensor& input) {
  const std::string name = figure["model"].get<std::string>() + " with " + figure["loss"].get<std::string>();
  const int64_t classes = figure["classes"];
  const auto model = make_model(resolved(model_section(), figure["model"]), shape_of(input), classes);
  const Classification task = classification(figure["loss"], model->output(), classes);
  if (figure["weights"] == "formula") {
    set_formula_weights(*model);
  } else {
    set_weights(*model, figure["weights"]);
  }
  place(*model, torch::kCPU);
  const torch::Tensor output = model->forward(input);
  const torch::Tensor value = task.loss(output, read_labels(figure["labels"]));
  value.backward();
  expect_equal(output, figure["output"], name + ": output");
  expect_equal(value, figure["value"], name + ": loss");
  for (const auto& parameter : model->named_parameters()) {
    const std::string& key = parameter.key();
    expect_equal(parameter.value().grad(), figure["gradients"][key], name + ": gradient of " + key);
  }
}

class ModelParity : public testing::TestWithParam<torch::MemoryFormat> {};

// With weights laid out as in training, and images both as training lays them out and plain.
TEST_P(ModelParity, OutputsLossesAndGradientsArePyTorchs) {
  for (const auto& group : parity_figures()["models"]) {
    const torch::Tensor plain = read_tensor(group["input"]);
    // Not contiguous(): with one channel it would leave the strides as they are.
    const torch::Tensor input =
        torch::empty(plain.sizes(), plain.options().memory_format(GetParam())).copy_(plain);
    for (const auto& figure : group["cases"]) compare_model(figure, input);
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, ModelParity,
                         testing::Values(torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast),
                         [](const auto& info) {
                           return info.param == torch::MemoryFormat::Contiguous ? "Plain" : "ChannelsLast";
                         });

TEST(ModelParity, EveryLossHasFigures) {
  std::string compared;
  for (const auto& group : parity_figures()["models"]) {
    for (const auto& figure : group["cases"]) compared += figure["loss"].get<std::string>() + "\n";
  }
  for (const auto& loss : loss_section().types) {
    EXPECT_NE(compared.find(loss.name + "\n"), std::string::npos)
        << loss.name << ": add it to scripts/parity/models.py";
  }
}

}  // namespace
}  // namespace actlab::test
