#include "train/step.h"

#include <cmath>
#include <utility>

#include "train/finite.h"

namespace actlab {
namespace {

using torch::Tensor;

std::vector<Tensor> unnamed(const std::vector<NamedTensor>& parameters) {
  std::vector<Tensor> tensors;
  for (const auto& [name, parameter] : parameters) tensors.push_back(parameter);
  return tensors;
}

// torch::nn::utils::clip_grad_norm_ with the same operations, but for its last, which reads the norm back:
// the total norm, and the scaling by it.
Tensor gradient_norm(const std::vector<NamedTensor>& parameters) {
  std::vector<Tensor> norms;
  for (const auto& [name, parameter] : parameters) norms.push_back(parameter.grad().norm(2.0));
  return norms.size() == 1 ? norms[0] : at::stack(norms).norm(2.0);
}

void scale_to(double limit, const Tensor& total, const std::vector<NamedTensor>& parameters) {
  const Tensor factor = at::clamp(limit / (total + 1e-6), std::nullopt, 1.0);
  for (const auto& [name, parameter] : parameters) parameter.grad().mul_(factor);
}

}  // namespace

Stepper::Stepper(Model& model, const Task& task, Optimizer& optimizer,
                 const std::vector<NamedTensor>& parameters, const ClipOptions& clip, bool late)
    : model_(model), task_(task), optimizer_(optimizer), parameters_(parameters), clip_(clip), late_(late) {}

void Stepper::step(const Batch& batch, double learning_rate) {
  pending_.emplace_back().result = {batch.labels.size(0), learning_rate};
  optimizer_.zero_grad();
  Tensor output = model_.forward(batch.inputs);
  // Before the loss: binary cross-entropy stops with an assertion of its own on a NaN, which on a GPU ends
  // all that the process could still do there.
  if (!check({output.detach()}, "the model's output")) return;
  if (late_) output = output.nan_to_num(0, 0, 0);
  const Tensor loss = task_.loss(output, batch.labels);
  if (!check_loss(loss)) return;
  loss.backward();
  if (!check_gradients()) return;
  if (!clip()) return;
  optimizer_.step(learning_rate);
  check(unnamed(parameters_), "a weight", [this](size_t i) { return parameters_[i].first; });
}

bool Stepper::check(const std::vector<Tensor>& tensors, const std::string& what,
                    const std::function<std::string(size_t)>& name_of) {
  Pending& step = pending_.back();
  if (late_) {
    step.found.push_back(any_non_finite(tensors));
    step.checks.push_back(what);
    return true;
  }
  // All at once; which one it was is only asked when one is bad.
  if (all_finite(tensors)) return true;
  step.result.bad = what;
  for (size_t i = 0; name_of && i < tensors.size(); ++i) {
    if (all_finite({tensors[i]})) continue;
    step.result.bad = name_of(i);
    break;
  }
  return false;
}

bool Stepper::check_loss(const Tensor& loss) {
  Pending& step = pending_.back();
  if (late_) {
    step.loss = loss.detach();
    return check({step.loss}, "the loss");
  }
  step.result.loss = loss.item<double>();
  if (!std::isfinite(step.result.loss)) step.result.bad = "the loss";
  return step.result.bad.empty();
}

bool Stepper::check_gradients() {
  std::vector<Tensor> gradients;
  for (const auto& [name, parameter] : parameters_) gradients.push_back(parameter.grad());
  return check(gradients, "a gradient",
               [this](size_t i) { return "the gradient of " + parameters_[i].first; });
}

bool Stepper::clip() {
  if (clip_.norm > 0) {
    // Finite gradients may have squares that are not; scaled by such a norm, all would be 0.
    const Tensor total = gradient_norm(parameters_);
    if (!check({total}, kGradientNorm)) return false;
    scale_to(clip_.norm, total, parameters_);
  }
  if (clip_.value > 0) {
    for (const auto& [name, parameter] : parameters_) parameter.grad().clamp_(-clip_.value, clip_.value);
  }
  return true;
}

std::vector<StepResult> Stepper::read() {
  if (late_ && !pending_.empty()) {
    // One transfer for all that has gathered.
    std::vector<Tensor> on_device;
    for (const auto& step : pending_) {
      on_device.push_back(step.loss.to(torch::kFloat64));
      for (const auto& found : step.found) on_device.push_back(found.to(torch::kFloat64));
    }
    const Tensor values = at::stack(on_device).to(torch::kCPU);
    const double* value = values.const_data_ptr<double>();
    for (auto& step : pending_) {
      step.result.loss = *value++;
      for (const auto& what : step.checks) {
        if (*value++ != 0 && step.result.bad.empty()) step.result.bad = what;
      }
    }
  }
  std::vector<StepResult> results;
  for (auto& step : pending_) results.push_back(std::move(step.result));
  pending_.clear();
  return results;
}

}  // namespace actlab
