#include "diagnose/setup.h"

#include <cstdlib>

namespace actlab {
namespace {

double number_in(const Node& section, const std::string& key) {
  const Node* found = section.find(key);
  return found != nullptr && found->is_scalar() ? std::strtod(found->text.c_str(), nullptr) : kUndefined;
}

}  // namespace

TrainingSetup setup_of(const Config& config) {
  TrainingSetup setup;
  if (const Node* init = config.model.find("init")) {
    setup.init = init->is_scalar() ? init->text : component_type(*init);
  }
  setup.lr = number_in(config.optimizer, "lr");
  setup.clip_norm = config.train.clip.norm;
  setup.clip_value = config.train.clip.value;
  return setup;
}

}  // namespace actlab
