#include "train/optimizer.h"

#include <torch/utils.h>

#include <set>

#include "cuda/cuda_support.h"
#include "models/registry.h"
#include "parity.h"
#include "train/model_state.h"
#include "train/tasks.h"

namespace actlab::test {
namespace {

using torch::Tensor;

class CudaOptimizer : public CudaTest {};

const char* const kOptimizers[] = {
    "{type: sgd, lr: 0.1}",
    "{type: sgd, lr: 0.1, weight_decay: 0.01}",
    "{type: sgd, lr: 0.1, momentum: 0.9, dampening: 0.1}",
    "{type: sgd, lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.01}",
    "{type: adam, lr: 0.01}",
    "{type: adam, lr: 0.01, beta1: 0.8, beta2: 0.99, eps: 0.001, weight_decay: 0.01}",
    "{type: adam, lr: 0.01, amsgrad: true}",
    "{type: adamw, lr: 0.01}",
    "{type: adamw, lr: 0.01, weight_decay: 0.1, amsgrad: true}",
    "{type: rmsprop, lr: 0.01}",
    "{type: rmsprop, lr: 0.01, centered: true, weight_decay: 0.01}",
    "{type: rmsprop, lr: 0.01, momentum: 0.9, centered: true}",
};

// Parameters as models have them: a matrix, channels_last filters of many channels and of one, one number.
std::vector<NamedTensor> parameters_on(torch::Device device) {
  torch::manual_seed(2);
  const auto filters = [](int64_t channels) {
    return torch::randn({16, channels, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast);
  };
  std::vector<NamedTensor> parameters = {{"fc.weight", torch::randn({30, 70})},
                                         {"conv1.weight", filters(1)},
                                         {"conv2.weight", filters(8)},
                                         {"act.weight", torch::full({1}, 0.25)}};
  for (auto& [name, tensor] : parameters) tensor = tensor.to(device).requires_grad_();
  return parameters;
}

// Ten steps with the same gradients on any device, laid out as their parameters. Returns parameters and
// state.
std::vector<NamedTensor> optimized(const std::string& yaml, torch::Device device) {
  auto parameters = parameters_on(device);
  const auto optimizer = make_optimizer(resolved(optimizer_section(), yaml), parameters, {"act.weight"});
  for (int step = 0; step < 10; ++step) {
    optimizer->zero_grad();
    torch::manual_seed(100 + step);
    for (auto& [name, parameter] : parameters) {
      const Tensor gradient =
          torch::empty_like(parameter.detach(), torch::kCPU).copy_(torch::randn(parameter.sizes()));
      parameter.mutable_grad() = gradient.to(device);
    }
    optimizer->step(optimizer->base_lr());
  }
  for (const auto& state : optimizer->state()) parameters.push_back(state);
  return parameters;
}

TEST_F(CudaOptimizer, EveryOneUpdatesAsOnTheCpu) {
  std::set<std::string> compared;
  for (const char* yaml : kOptimizers) {
    compared.insert(component_type(resolved(optimizer_section(), yaml)));
    const auto gpu = optimized(yaml, tested_device());
    const auto cpu = optimized(yaml, torch::kCPU);
    ASSERT_EQ(gpu.size(), cpu.size()) << yaml;
    for (size_t i = 0; i < gpu.size(); ++i) {
      EXPECT_EQ(gpu[i].first, cpu[i].first);
      EXPECT_EQ(gpu[i].second.device(), tested_device()) << yaml << gpu[i].first;
      EXPECT_EQ(gpu[i].second.strides(), cpu[i].second.strides()) << yaml << gpu[i].first;
      // Ten steps of a few roundings each.
      expect_near(gpu[i].second, cpu[i].second, 3e-6, std::string(yaml) + ": " + gpu[i].first);
    }
  }
  for (const auto& type : optimizer_section().types) EXPECT_TRUE(compared.contains(type.name)) << type.name;
}

std::vector<Tensor> trained_cnn(const std::string& yaml, torch::Device device) {
  torch::manual_seed(3);
  const auto model =
      make_model(resolved(model_section(), "{type: simple_cnn, activation: prelu}"), {1, 8, 8}, 4);
  const Tensor images = torch::randn({20, 1, 8, 8}).to(device);
  const Tensor labels = (torch::arange(20) % 4).to(device);
  place(*model, device);
  std::vector<NamedTensor> parameters;
  for (const auto& item : model->named_parameters()) parameters.emplace_back(item.key(), item.value());
  const auto optimizer = make_optimizer(resolved(optimizer_section(), yaml), parameters, {"act1.weight"});
  const Classification task = classification("nll", model->output(), 4);
  for (int step = 0; step < 3; ++step) {
    optimizer->zero_grad();
    task.loss(model->forward(images), labels).backward();
    optimizer->step(0.01);
  }
  return model->parameters();
}

// The fused kernels ask gradients to be laid out as their parameters, which autograd has to see to. A large
// eps keeps Adam from turning gradients that are rounding alone into whole steps.
TEST_F(CudaOptimizer, TakesTheGradientsOfAConvolutionalModel) {
  const WholeFloat32 whole;
  for (const char* yaml : {"{type: adam, eps: 0.01}", "{type: adamw, eps: 0.01, amsgrad: true}",
                           "{type: sgd, momentum: 0.9}", "{type: rmsprop, eps: 0.01, centered: true}"}) {
    const auto gpu = trained_cnn(yaml, tested_device());
    const auto cpu = trained_cnn(yaml, torch::kCPU);
    for (size_t i = 0; i < cpu.size(); ++i) expect_near(gpu[i], cpu[i], 1e-4, yaml);
  }
}

}  // namespace
}  // namespace actlab::test
