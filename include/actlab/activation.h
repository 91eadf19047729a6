#pragma once

#include <actlab/api.h>
#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <vector>

namespace actlab {
inline namespace v0 {

// An activation function as a module of LibTorch, with its learned parameters if it has any. It can stand in
// a torch::nn::Sequential.
class ACTLAB_API ActivationModule : public torch::nn::Module {
 public:
  ~ActivationModule() override;

  // [N, F] or [N, C, H, W] to the same shape; some combine features or channels, which are dimension 1.
  torch::Tensor forward(const torch::Tensor& x);

  // "elu(alpha=0.5)"
  std::string description() const;
  // As text; in the language of docs/formulas.md where the function is element-wise.
  std::string formula() const;
  std::string derivative() const;

 private:
  friend ACTLAB_API std::shared_ptr<ActivationModule> make_activation(const std::string& spec);
  struct ACTLAB_HIDDEN Parts;

  explicit ActivationModule(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

// The activation that `spec` names as `model.activation` of a config does: "relu", "{type: elu, alpha: 0.5}",
// "formula: x * sigmoid(x)", "{formula: x * sigmoid(b * x), parameters: {b: {init: 1, learn: true}}}". Throws
// Error (2) with every mistake.
ACTLAB_API std::shared_ptr<ActivationModule> make_activation(const std::string& spec);

// Names of the catalogue, in the order of docs/activations.md.
ACTLAB_API std::vector<std::string> list_activations();

}  // namespace v0
}  // namespace actlab
