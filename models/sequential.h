#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/field_rules.h"
#include "models/activation_choice.h"
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
    v("init", init, "how weights start: a name, or {type, gain, std, bias}");
    v("output", output, "what the last layer's values go through",
      Choice{{"logits", "sigmoid", "softmax", "log_softmax"}});
  }

  // What the fields, each right for itself, get wrong together; empty when nothing.
  std::string problem() const;
};

// The layers of the config, one after the other. Weights are named layers.<index>.weight.
ModelDescription describe(const SequentialOptions& options, const InputShape& input, int64_t classes);

}  // namespace actlab
