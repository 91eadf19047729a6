#pragma once

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

// The article's two-class network: 784 - 100 ReLU - 1 sigmoid on MNIST. An Mlp with one output.
class BinaryClassifier : public Mlp {
 public:
  using Options = BinaryClassifierOptions;
  static ModelOutput output_of(const Options& options, const InputShape& input, int64_t classes) {
    return Mlp::output_of({options, options.output, {1}}, input, classes);
  }

  BinaryClassifier(const Options& options, const InputShape& input, int64_t classes)
      : Mlp({options, options.output, {1}}, input, classes) {}
};

}  // namespace actlab
