#include "train/snapshot.h"

#include <mutex>

#include "config/emit.h"
#include "train/model_state.h"

namespace actlab {
namespace {

using torch::Tensor;

std::vector<std::pair<std::string, at::Generator>> generators(torch::Device device) {
  std::vector<std::pair<std::string, at::Generator>> list = {
      {"random.cpu", at::globalContext().defaultGenerator(torch::kCPU)}};
  if (device.is_cuda()) list.emplace_back("random.cuda", at::globalContext().defaultGenerator(device));
  return list;
}

Tensor generator_state(at::Generator generator) {
  const std::scoped_lock lock(generator.mutex());
  return generator.get_state();
}

}  // namespace

std::vector<NamedTensor> trained_tensors(const Model& model, const Optimizer& optimizer) {
  auto tensors = model_tensors(model);
  for (const auto& [name, tensor] : optimizer.state()) tensors.emplace_back("optimizer." + name, tensor);
  return tensors;
}

Checkpoint take_snapshot(const Config& config, const TrainState& state, const Model& model,
                         const Optimizer& optimizer, const Normalization& normalization,
                         torch::Device device) {
  auto tensors = trained_tensors(model, optimizer);
  for (const auto& [name, generator] : generators(device))
    tensors.emplace_back(name, generator_state(generator));
  for (auto& tensor : normalization_tensors(normalization)) tensors.push_back(std::move(tensor));
  return {to_yaml(trained_part(to_node(config))), state.to_json(), std::move(tensors)};
}

void restore_snapshot(const Checkpoint& checkpoint, Model& model, Optimizer& optimizer, torch::Device device,
                      const std::string& name) {
  auto targets = trained_tensors(model, optimizer);
  auto random = generators(device);
  std::vector<Tensor> states;
  for (const auto& [key, generator] : random) {
    states.push_back(generator_state(generator).clone());
    targets.emplace_back(key, states.back());
  }
  restore(checkpoint, {"model.", "optimizer.", "random."}, targets, name);
  for (size_t i = 0; i < random.size(); ++i) {
    const std::scoped_lock lock(random[i].second.mutex());
    random[i].second.set_state(states[i]);
  }
}

}  // namespace actlab
