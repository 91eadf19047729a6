#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/field_rules.h"
#include "models/activation_choice.h"
#include "models/init.h"
#include "models/model.h"

namespace actlab {

// What all fully connected models can be told.
struct DenseOptions {
  std::vector<int64_t> hidden = {100};
  ActivationChoice activation;
  InitSpec init;

  template <class Visitor>
  void visit(Visitor& v) {
    v("hidden", hidden, "widths of the hidden layers: a number or a list", between(1, 1 << 20));
    v("activation", activation,
      "hidden activation: a name, {type: name, parameters}, or a list with one a layer");
    v("init", init, "how weights start: a name, or {type, gain, std, bias}");
  }

  // What the fields, each right for itself, get wrong together; empty when nothing.
  std::string problem() const { return activation.problem(hidden.size()); }
};

struct MlpOptions : DenseOptions {
  std::string output = "logits";
  Auto<int64_t> outputs;

  template <class Visitor>
  void visit(Visitor& v) {
    DenseOptions::visit(v);
    v("output", output, "what the last layer's sums go through",
      Choice{{"logits", "sigmoid", "softmax", "log_softmax"}});
    v("outputs", outputs, "width of the last layer; auto: one for a sigmoid, else one a class",
      between(1, 1 << 20));
  }
};

// Fully connected layers fc1, fc2, ... with an activation after each but the last.
ModelDescription describe(const MlpOptions& options, const InputShape& input, int64_t classes);

}  // namespace actlab
