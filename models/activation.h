#pragma once

#include <torch/torch.h>

#include <map>
#include <string>
#include <vector>

#include "core/field_rules.h"

namespace actlab {

// An activation as a config names it: `relu`, or `{type: elu, alpha: 0.5}`.
struct ActivationSpec {
  std::string type = "relu";
  std::map<std::string, double> parameters;  // those that were given; the others have their defaults
};

// Parameters of one activation while it runs.
struct ActivationArguments {
  std::vector<double> constants;       // in the order of the table's row
  std::vector<torch::Tensor> learned;  // [1] each, in the order of the row's learned parameters
};

// One parameter of an activation.
struct ActivationParameter {
  std::string name;
  double value;  // default; of a learned parameter, where it starts
  Range range;
  bool learned = false;  // a weight: trained, kept in the checkpoint, exempt from weight decay
};

// A row of the catalogue. An activation is added by adding a row in activation.cpp, and nowhere else.
struct ActivationInfo {
  std::string name;
  std::string formula;
  std::vector<ActivationParameter> parameters;
  // f(x) <= f(y) whenever x <= y, for all parameter values: then it commutes with max-pooling.
  bool non_decreasing;
  // False where an output depends on more than one input (softmax: over dimension 1).
  bool element_wise;
  torch::Tensor (*apply)(const torch::Tensor& x, const ActivationArguments& arguments);
};

// The catalogue, in the order of the documentation.
const std::vector<ActivationInfo>& activation_table();

// Names of the catalogue.
std::vector<std::string> activation_names();

// The row of that name. Throws Error (2) with the nearest name.
const ActivationInfo& find_activation(const std::string& name);

class Activation;

// Sees every forward pass of the activations it is attached to.
class ActivationObserver {
 public:
  virtual ~ActivationObserver() = default;
  // `input` is the pre-activation, `output` what the activation made of it; equal shapes. Must not change
  // them.
  virtual void observe(const Activation& activation, const torch::Tensor& input,
                       const torch::Tensor& output) = 0;
};

// An activation function as a module. LibTorch has no forward hooks, so every model calls its activations
// through this class, and an observer sees what passes. Without one it costs a null check; with one, results
// stay the same to the bit.
class Activation : public torch::nn::Module {
 public:
  // Throws Error (2) when the type or a parameter is unknown, or a parameter out of its range.
  explicit Activation(const ActivationSpec& spec);

  // Same shape out as in.
  torch::Tensor forward(const torch::Tensor& x) {
    torch::Tensor y = info_.apply(x, arguments_);
    if (observer_ != nullptr) observer_->observe(*this, x, y);
    return y;
  }

  // nullptr detaches. The observer must outlive its attachment.
  void attach(ActivationObserver* observer) { observer_ = observer; }

  const ActivationInfo& info() const { return info_; }

 private:
  const ActivationInfo& info_;
  ActivationArguments arguments_;
  ActivationObserver* observer_ = nullptr;
};

}  // namespace actlab
