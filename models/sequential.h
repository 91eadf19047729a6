#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/init.h"
#include "models/layers.h"
#include "models/model.h"

namespace actlab {

struct SequentialOptions {
  std::vector<Layer> layers;
  ActivationChoice activation;
  InitSpec init;
  std::string output = "logits";

  template <class Visitor>
  void visit(Visitor& v) {
    v("layers", layers,
      "list of conv, max_pool, avg_pool, linear, flatten, dropout, batch_norm, activation: a name, or {type: "
      "name, options}");
    v("activation", activation,
      "for the activation layers: a name, {type: name, parameters}, or a list with one each");
    v("init", init, "how weights start: a name, or {type, std, bias}");
    v("output", output, "what the last layer's values go through",
      Choice{{"logits", "sigmoid", "softmax", "log_softmax"}});
  }

  std::string problem() const;
};

// The layers of the config, one after the other; shapes are inferred. Weights are named
// layers.<index>.weight.
class Sequential : public Model {
 public:
  using Options = SequentialOptions;
  // Throws Error (2) naming the layer whose input does not fit.
  static ModelOutput output_of(const Options& options, const InputShape& input, int64_t classes);

  Sequential(const Options& options, const InputShape& input, int64_t classes);

  torch::Tensor forward(const torch::Tensor& x) override;
  bool convolutional() const override { return convolutional_; }

 private:
  // Keeps in `source` the layer that was built last, and lists an activation with it.
  void note_hidden(HiddenLayer& source, const std::shared_ptr<torch::nn::Module>& module, size_t index);

  bool convolutional_ = false;
  std::vector<std::function<torch::Tensor(const torch::Tensor&)>> steps_;
  std::shared_ptr<Activation> output_activation_;
};

}  // namespace actlab
