#include "diagnose/setup.h"

#include <cmath>
#include <cstdlib>

namespace actlab {
namespace {

double number_in(const Node& section, const std::string& key) {
  const Node* found = section.find(key);
  return found != nullptr && found->is_scalar() ? std::strtod(found->text.c_str(), nullptr) : kUndefined;
}

std::string text_in(const Node& section, const std::string& key) {
  const Node* found = section.find(key);
  return found != nullptr && found->is_scalar() ? found->text : "";
}

double chance_loss(const std::string& loss, bool one_output, double classes) {
  if (loss == "mse") return one_output ? 0.25 : (classes - 1) / (classes * classes);
  return loss.starts_with("bce") ? std::log(2) : std::log(classes);
}

}  // namespace

TrainingSetup setup_of(const Config& config, int64_t classes) {
  TrainingSetup setup;
  if (const Node* init = config.model.find("init")) {
    setup.init = init->is_scalar() ? init->text : component_type(*init);
  }
  setup.lr = number_in(config.optimizer, "lr");
  setup.clip_norm = config.train.clip.norm;
  setup.clip_value = config.train.clip.value;
  const std::string loss = component_type(config.loss);
  const std::string outputs = text_in(config.model, "outputs");
  const bool sigmoid =
      component_type(config.model) == "binary_classifier" ||
      (text_in(config.model, "output") == "sigmoid" && (outputs == "auto" || outputs == "1"));
  setup.squares_a_sigmoid = loss == "mse" && sigmoid && classes == 2;
  setup.chance_loss = chance_loss(loss, sigmoid || outputs == "1", static_cast<double>(classes));
  return setup;
}

}  // namespace actlab
