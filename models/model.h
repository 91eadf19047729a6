#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "activation/activation.h"
#include "core/shape.h"

namespace actlab {

using InputShape = Shape;

// What a model puts out: `kind` is the name of the function it ends with, or "logits" where it ends with a
// linear layer.
struct ModelOutput {
  std::string kind;   // logits | sigmoid | softmax | log_softmax
  int64_t count = 0;  // outputs an example
};

// A hidden activation, and the layer that computes what goes into it.
struct HiddenLayer {
  std::string name;  // of the activation: "act1"
  std::shared_ptr<Activation> activation;
  std::string weight_name = {};  // "fc1.weight"; empty where no Linear or Conv2d comes between it and the
                                 // activation before
  torch::Tensor weight = {};     // [out, in] or [out, in, height, width]; undefined likewise
  torch::Tensor bias = {};       // [out]; undefined likewise, or without a bias

  // Numbers that go into one pre-activation.
  int64_t fan_in() const { return weight.defined() ? weight.numel() / weight.size(0) : 0; }
};

// A trainable map from images to scores.
class Model : public torch::nn::Module {
 public:
  explicit Model(ModelOutput output) : output_(std::move(output)) {}

  // [N, C, H, W] float in, [N, output().count] float out.
  virtual torch::Tensor forward(const torch::Tensor& x) = 0;

  // Whether convolutions dominate: then weights and batches are laid out channels_last.
  virtual bool convolutional() const { return false; }

  const ModelOutput& output() const { return output_; }

  // The hidden activations, in the order of the forward pass.
  const std::vector<HiddenLayer>& hidden() const { return hidden_; }

 protected:
  // Registers the activation as `name` and lists it with the layer `source` that feeds it.
  template <class Source>
  std::shared_ptr<Activation> add_activation(const std::string& name, const ActivationSpec& spec,
                                             const std::string& source_name, const Source& source) {
    auto activation = register_module(name, std::make_shared<Activation>(spec));
    hidden_.push_back({name, activation, source_name + ".weight", source->weight, source->bias});
    return activation;
  }

  // Lists an activation that is registered already.
  void add_hidden(HiddenLayer layer) { hidden_.push_back(std::move(layer)); }

  // The function that the output kind names, as an activation; identity for logits.
  std::shared_ptr<Activation> add_output_activation() {
    const ActivationSpec spec{output_.kind == "logits" ? "identity" : output_.kind, {}};
    return register_module("output", std::make_shared<Activation>(spec));
  }

 private:
  std::vector<HiddenLayer> hidden_;
  ModelOutput output_;
};

// `activation:` of a model: one for all hidden layers, or a list with one for each.
struct ActivationChoice {
  std::vector<ActivationSpec> specs = {ActivationSpec{}};

  const ActivationSpec& at(size_t layer) const { return specs.size() == 1 ? specs[0] : specs.at(layer); }

  // What is wrong with this choice for a model of so many hidden activations; empty when nothing is.
  std::string problem(size_t layers) const {
    if (specs.size() == 1 || specs.size() == layers) return "";
    return "activation: " + std::to_string(specs.size()) + " given for " + std::to_string(layers) +
           " hidden layers; give one, or one for each";
  }
};

// Throws Error (2) when an activation cannot follow a layer of that width.
inline void check_widths(const ActivationChoice& choice, const std::vector<int64_t>& widths) {
  for (size_t i = 0; i < widths.size(); ++i) Activation(choice.at(i)).output_width(widths[i]);
}

}  // namespace actlab
