#include "train/model_state.h"

#include <torch/utils.h>

#include <algorithm>

#include "core/random.h"
#include "models/registry.h"

namespace actlab {
namespace {

std::vector<float> stored_values(const Checkpoint& checkpoint, const std::string& key) {
  const auto found = std::ranges::find(checkpoint.tensors, key, &NamedTensor::first);
  const torch::Tensor& tensor = found->second;
  return {tensor.const_data_ptr<float>(), tensor.const_data_ptr<float>() + tensor.numel()};
}

}  // namespace

std::shared_ptr<Model> new_model(const Config& config, const ExampleShape& shape) {
  torch::manual_seed(stream_seed(config.seed, "init"));
  return make_model(config.model, shape, shape.classes);
}

void place(Model& model, torch::Device device) {
  model.to(device);
  if (!model.convolutional()) return;
  for (auto& parameter : model.parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
  }
}

std::vector<NamedTensor> model_tensors(const Model& model) {
  std::vector<NamedTensor> tensors;
  for (const auto& item : model.named_parameters()) tensors.emplace_back("model." + item.key(), item.value());
  for (const auto& item : model.named_buffers()) tensors.emplace_back("model." + item.key(), item.value());
  return tensors;
}

std::vector<NamedTensor> normalization_tensors(const Normalization& normalization) {
  return {{"data.mean", torch::tensor(normalization.mean, torch::kFloat32)},
          {"data.std", torch::tensor(normalization.std, torch::kFloat32)}};
}

Normalization stored_normalization(const Checkpoint& checkpoint) {
  return {stored_values(checkpoint, "data.mean"), stored_values(checkpoint, "data.std")};
}

}  // namespace actlab
