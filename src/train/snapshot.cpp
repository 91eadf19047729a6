#include "train/snapshot.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/utils.h>

#include <algorithm>
#include <mutex>

#include "config/emit.h"
#include "core/error.h"
#include "train/finite.h"
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

// A tensor without its numbers.
Tensor outline(torch::IntArrayRef shape, torch::ScalarType dtype) {
  return at::empty(shape, torch::TensorOptions().dtype(dtype).device(torch::kMeta));
}

// What take_snapshot would put into a checkpoint, without the numbers.
std::vector<NamedTensor> expected_tensors(const Config& config, const Shape& shape, const Model& model) {
  constexpr int64_t kCudaState = 16;  // a seed and an offset
  std::vector<NamedTensor> expected;
  for (const auto& [name, tensor] : model_tensors(model))
    expected.emplace_back(name, outline(tensor.sizes(), tensor.scalar_type()));
  std::vector<NamedTensor> parameters;
  for (const auto& item : model.named_parameters())
    parameters.emplace_back(item.key(), outline(item.value().sizes(), item.value().scalar_type()));
  for (const auto& [name, tensor] : make_optimizer(config.optimizer, parameters, {})->state())
    expected.emplace_back("optimizer." + name, tensor);
  expected.emplace_back("random.cpu", generator_state(at::globalContext().defaultGenerator(torch::kCPU)));
  if (config.device != "cpu") expected.emplace_back("random.cuda", outline({kCudaState}, torch::kUInt8));
  expected.emplace_back("data.mean", outline({shape.channels}, torch::kFloat32));
  expected.emplace_back("data.std", outline({shape.channels}, torch::kFloat32));
  return expected;
}

bool is_one_of(const std::string& key, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return key.ends_with(ending); });
}

// On a generator of its own, so that a state that is none changes nothing.
bool is_generator_state(const Tensor& state) {
  try {
    at::detail::createCPUGenerator().set_state(state);
    return true;
  } catch (const c10::Error&) {
    return false;
  }
}

// What is wrong with the numbers of a checkpoint's tensor; empty where nothing is.
std::string mistake_in(const std::string& key, const Tensor& tensor, const TrainState& state) {
  if (!all_finite({tensor})) return "holds NaN or Inf";
  if (key == "data.std" && !tensor.gt(0).all().item<bool>()) return "is not above 0";
  const bool counts_or_squares =
      is_one_of(key, {"_avg_sq", ".square_avg", ".running_var", ".num_batches_tracked"});
  if (counts_or_squares && tensor.lt(0).any().item<bool>()) return "is below 0";
  // It counts in float32, which ends at 2^24.
  const auto steps = static_cast<float>(std::min(state.step, int64_t{1} << 24));
  if (key == "optimizer.step" && tensor.item<float>() != steps)
    return "is not the step of the training state";
  if (key == "random.cpu" && !is_generator_state(tensor)) return "is no state of a generator";
  return "";
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

void check_snapshot(const Checkpoint& checkpoint, const Config& config, const TrainState& state,
                    const Model& model, const std::string& name) {
  check_tensors(checkpoint, expected_tensors(config, state.shape, model), name);
  for (const auto& [key, tensor] : checkpoint.tensors) {
    const std::string mistake = mistake_in(key, tensor, state);
    if (mistake.empty()) continue;
    throw Error(ExitStatus::kFailed,
                name + ": the tensor " + key + " " + mistake +
                    "; it is damaged, or training had gone wrong: use another checkpoint");
  }
}

void restore_snapshot(const Checkpoint& checkpoint, Model& model, Optimizer& optimizer,
                      torch::Device device) {
  auto targets = trained_tensors(model, optimizer);
  auto random = generators(device);
  std::vector<Tensor> states;
  for (const auto& [key, generator] : random) {
    states.push_back(generator_state(generator).clone());
    targets.emplace_back(key, states.back());
  }
  restore(checkpoint, targets);
  for (size_t i = 0; i < random.size(); ++i) {
    const std::scoped_lock lock(random[i].second.mutex());
    random[i].second.set_state(states[i]);
  }
}

}  // namespace actlab
