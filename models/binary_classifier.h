#pragma once

#include <cstdint>
#include <string>

#include "models/mlp.h"

namespace actlab {

struct BinaryClassifierOptions : DenseOptions {
  std::string output = "sigmoid";

  template <class Visitor>
  void visit(Visitor& v) {
    DenseOptions::visit(v);
    v("output", output, "a probability, or its logit for bce_with_logits", Choice{{"sigmoid", "logits"}});
  }
};

// The tutorial's two-class network: 784 - 100 ReLU - 1 sigmoid on MNIST. An mlp with one output.
inline ModelDescription describe(const BinaryClassifierOptions& options, const InputShape& input,
                                 int64_t classes) {
  ModelDescription description = describe(MlpOptions{options, options.output, {1}}, input, classes);
  description.width_key = "model.type=mlp model.output=" + options.output + " model.outputs";
  return description;
}

}  // namespace actlab
