#pragma once

#include <string>
#include <vector>

#include "models/mlp.h"

namespace actlab {

struct BinaryClassifierOptions {
  std::vector<int64_t> hidden = {100};
  ActivationChoice activation;
  InitSpec init;
  std::string output = "sigmoid";

  template <class Visitor>
  void visit(Visitor& v) {
    v("hidden", hidden, "widths of the hidden layers: a number or a list", between(1, 1 << 20));
    v("activation", activation,
      "hidden activation: a name, {type: name, parameters}, or a list with one a layer");
    v("init", init, "how weights start: a name, or {type, std, bias}");
    v("output", output, "a probability, or its logit for bce_with_logits", Choice{{"sigmoid", "logits"}});
  }

  std::string problem() const { return activation.problem(hidden.size()); }
};

// The article's two-class network: 784 - 100 ReLU - 1 sigmoid on MNIST. An Mlp with one output.
class BinaryClassifier : public Mlp {
 public:
  using Options = BinaryClassifierOptions;
  static ModelOutput output_of(const Options& options, const InputShape&, int64_t) {
    return {options.output, 1};
  }

  BinaryClassifier(const Options& options, const InputShape& input, int64_t classes)
      : Mlp({options.hidden, options.activation, options.init, options.output, {1}}, input, classes) {}
};

}  // namespace actlab
