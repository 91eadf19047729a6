#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "activation/activation.h"
#include "core/shape.h"
#include "models/init.h"
#include "models/layers.h"

namespace actlab {

using InputShape = Shape;

// What a model puts out: `kind` is the name of the function it ends with, or "logits" where it ends with a
// linear layer.
struct ModelOutput {
  std::string kind;   // logits | sigmoid | softmax | log_softmax
  int64_t count = 0;  // outputs an example
  // What to set for another count: the key, for messages.
  std::string width_key = "model.outputs";
};

// What a model is: its layers in the order of the forward pass, and how it ends and starts.
struct ModelDescription {
  std::vector<NamedLayer> layers;
  std::string output = "logits";  // ModelOutput::kind
  InitSpec init = {};
  std::string width_key = "model.outputs";  // ModelOutput's
};

// What the model of that description puts out, without building it. Throws Error (2) naming the layer whose
// input does not fit, and where the last layer leaves an image.
ModelOutput output_of(const ModelDescription& description, const InputShape& input);

// How many numbers its linear and convolution weights hold, without building it. Throws Error (2) likewise.
int64_t weight_count(const ModelDescription& description, const InputShape& input);

// A hidden activation or the one at the end, and the layer that computes what goes into it.
struct HiddenLayer {
  std::string name;  // of the activation: "act1"
  std::shared_ptr<Activation> activation;
  std::string source = {};  // the layer with weights that feeds it: "fc1"; empty where none comes between it
                            // and the activation before
  torch::Tensor weight = {};  // the source's: [out, in] or [out, in, height, width]; undefined likewise
  torch::Tensor bias = {};    // [out]; undefined likewise, or without a bias

  // "fc1.weight"; empty without a source.
  std::string weight_name() const { return source.empty() ? "" : source + ".weight"; }
  // Numbers that go into one pre-activation.
  int64_t fan_in() const { return weight.defined() ? weight.numel() / weight.size(0) : 0; }
};

// A trainable map from images to scores: layers that run one after the other. Weights have the names of
// their layers ("fc1.weight", "layers.3.weight") and the order of the forward pass.
class Model : public torch::nn::Module {
 public:
  // Weights are drawn from the default generator, in the order of the forward pass. Throws Error (2) as
  // output_of does.
  Model(const ModelDescription& description, const InputShape& input);

  // [N, C, H, W] float in, [N, output().count] float out.
  torch::Tensor forward(const torch::Tensor& x) { return output_from(logits(x)); }

  // Its two halves: what the last layer gives, and what the function makes of that which the output kind
  // names. The first tells outputs apart that the second rounds to the same number, as sigmoid does
  // beyond 17.
  torch::Tensor logits(const torch::Tensor& x);
  torch::Tensor output_from(const torch::Tensor& logits);

  // In the order of the forward pass, without the function that the output kind names.
  const std::vector<BuiltLayer>& layers() const { return layers_; }

  // The hidden activations, in the order of the forward pass.
  const std::vector<HiddenLayer>& hidden() const { return hidden_; }

  const ModelOutput& output() const { return output_; }

  // The function that the output kind names, called "output", and the layer that feeds it.
  const HiddenLayer& last() const { return last_; }

  // Whether there are convolutions: then weights and batches are laid out channels_last.
  bool convolutional() const;

 private:
  ModelOutput output_;
  std::vector<BuiltLayer> layers_;
  std::vector<HiddenLayer> hidden_;
  HiddenLayer last_;
};

}  // namespace actlab
