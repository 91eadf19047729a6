#include "models/mlp.h"

namespace actlab {

ModelDescription describe(const MlpOptions& options, const InputShape&, int64_t classes) {
  std::vector<NamedLayer> layers = {{"flatten", FlattenLayer{}}};
  for (size_t i = 0; i < options.hidden.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    layers.push_back({"fc" + number, LinearLayer{.units = {options.hidden[i]}}});
    layers.push_back({"act" + number, ActivationLayer{options.activation.at(i)}});
  }
  const int64_t outputs = options.outputs.value.value_or(options.output == "sigmoid" ? 1 : classes);
  layers.push_back({"fc" + std::to_string(options.hidden.size() + 1), LinearLayer{.units = {outputs}}});
  return {layers, options.output, options.init};
}

}  // namespace actlab
