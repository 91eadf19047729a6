#pragma once

#include <cstdint>
#include <string>

#include "core/field_rules.h"
#include "models/activation_choice.h"
#include "models/init.h"
#include "models/model.h"

namespace actlab {

struct SimpleCnnOptions {
  ActivationChoice activation;
  InitSpec init;
  std::string output = "log_softmax";

  template <class Visitor>
  void visit(Visitor& v) {
    v("activation", activation,
      "activation after each convolution: a name, {type: name, parameters}, or a list of two");
    v("init", init, "how weights start: a name, or {type, gain, std, bias}");
    v("output", output, "what the last layer's sums go through", Choice{{"log_softmax", "logits"}});
  }

  std::string problem() const { return activation.problem(2); }
};

// The tutorial's convolutional network: conv 1-32 k3 p1, ReLU, conv 32-64 k3 p1, ReLU, linear 64*7*7-10,
// log-softmax, with a 2x2 max-pool after each convolution: the tutorial prints none, but without the two its
// 64*7*7 inputs do not fit 28x28 images.
// Throws Error (2) for images smaller than 4x4.
ModelDescription describe(const SimpleCnnOptions& options, const InputShape& input, int64_t classes);

}  // namespace actlab
