#include "diagnose/setup.h"

#include <cstdlib>

namespace actlab {
namespace {

double number_in(const Node& section, const std::string& key) {
  const Node* found = section.find(key);
  return found != nullptr && found->is_scalar() ? std::strtod(found->text.c_str(), nullptr) : kUndefined;
}

std::vector<int64_t> widths_in(const Node& model) {
  const Node* found = model.find("hidden");
  if (found == nullptr || found->is_map()) return {};
  std::vector<int64_t> widths;
  const auto add = [&](const Node& width) {
    widths.push_back(std::strtoll(width.text.c_str(), nullptr, 10));
  };
  if (found->is_scalar()) add(*found);
  for (const auto& item : found->items) add(item);
  return widths;
}

}  // namespace

TrainingSetup setup_of(const Config& config) {
  TrainingSetup setup;
  if (const Node* init = config.model.find("init")) {
    setup.init = init->is_scalar() ? init->text : component_type(*init);
  }
  setup.lr = number_in(config.optimizer, "lr");
  setup.hidden = widths_in(config.model);
  setup.clip_norm = config.train.clip.norm;
  setup.clip_value = config.train.clip.value;
  return setup;
}

}  // namespace actlab
