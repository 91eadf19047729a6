#include <actlab/model.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "app/trained_model.h"
#include "core/error.h"
#include "models/layers.h"
#include "train/loader.h"

namespace actlab::v0 {

struct TrainedModule::Parts {
  TrainedModel trained;
};

TrainedModule::TrainedModule(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {
  register_module("model", parts_->trained.model);
  eval();
}

TrainedModule::~TrainedModule() = default;

torch::Tensor TrainedModule::forward(const torch::Tensor& inputs) {
  return parts_->trained.model->forward(inputs);
}

torch::Tensor TrainedModule::normalized(const torch::Tensor& raw) const {
  if (raw.dim() != 4 || raw.sizes().slice(1) != torch::IntArrayRef(input_shape())) {
    throw Error(ExitStatus::kData, "the model takes [N, C, H, W] with [C, H, W] = " + to_text(input_shape()) +
                                       ", not " + to_text(raw.sizes().vec()));
  }
  const torch::Device device = parts_->trained.model->parameters().front().device();
  const Scaling scaling = scaling_of(parts_->trained.normalization, SampleType::kByte, device);
  return raw.to(device, torch::kFloat32) * scaling.scale + scaling.shift;
}

torch::Tensor TrainedModule::predict(const torch::Tensor& raw) {
  const torch::NoGradGuard no_grad;
  const bool was_training = is_training();
  const torch::Tensor inputs = normalized(raw);
  eval();
  const torch::Tensor output = forward(inputs);
  train(was_training);
  const torch::Tensor probabilities = parts_->trained.task->probabilities(output);
  return probabilities.defined() ? probabilities : output;
}

std::vector<int64_t> TrainedModule::input_shape() const {
  const ExampleShape& shape = parts_->trained.state.shape;
  return {shape.channels, shape.height, shape.width};
}

const std::vector<std::string>& TrainedModule::class_names() const {
  return parts_->trained.state.class_names;
}

std::shared_ptr<TrainedModule> load_model(const std::filesystem::path& checkpoint,
                                          const std::string& device) {
  // The program's threads are its own, whatever the model was trained with.
  std::vector<std::string> overrides = {"threads=" + std::to_string(at::get_num_threads())};
  if (!device.empty()) overrides.push_back("device=" + device);
  auto parts = std::make_unique<TrainedModule::Parts>(
      load_trained_model(checkpoint, overrides, {"device", "threads"}));
  return std::shared_ptr<TrainedModule>(new TrainedModule(std::move(parts)));
}

}  // namespace actlab::v0
