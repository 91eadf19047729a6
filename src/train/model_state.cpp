#include "train/model_state.h"

#include <torch/utils.h>

#include "core/error.h"
#include "core/random.h"
#include "models/registry.h"

namespace actlab {
namespace {

std::vector<float> stored_values(const Checkpoint& checkpoint, const std::string& key,
                                 const std::string& name) {
  for (const auto& [stored, tensor] : checkpoint.tensors) {
    if (stored != key || tensor.scalar_type() != torch::kFloat32 || tensor.dim() != 1) continue;
    return {tensor.const_data_ptr<float>(), tensor.const_data_ptr<float>() + tensor.numel()};
  }
  throw Error(ExitStatus::kFailed, name + ": the tensor " + key + " is missing");
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

Normalization stored_normalization(const Checkpoint& checkpoint, const std::string& name) {
  return {stored_values(checkpoint, "data.mean", name), stored_values(checkpoint, "data.std", name)};
}

}  // namespace actlab
