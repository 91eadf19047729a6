#include "app/forecast.h"

#include <algorithm>
#include <map>
#include <memory>

#include "app/catalogue.h"
#include "config/emit.h"
#include "diagnose/theory.h"
#include "models/registry.h"
#include "train/model_state.h"

namespace actlab {
namespace {

std::optional<Theory> theory_of(const std::string& config, const std::vector<std::string>& overrides,
                                const ExampleShape& shape, double input_second) {
  Problems problems;
  const Config changed = parse_checked_config(config, "the config", overrides, problems);
  if (!problems.empty()) return std::nullopt;
  const auto model = new_model(changed, shape);
  if (std::ranges::any_of(model->layers(), &BuiltLayer::mixes_batch)) return std::nullopt;
  return predict(*model, init_of(changed.model), input_second);
}

}  // namespace

Forecast forecast_of(const Config& config, const ExampleShape& shape, double input_second) {
  using Known = std::map<std::vector<std::string>, std::optional<Theory>>;
  return [text = to_yaml(to_node(config)), shape, input_second,
          known = std::make_shared<Known>()](const std::vector<std::string>& overrides) {
    const auto [found, is_new] = known->try_emplace(overrides);
    if (is_new) found->second = theory_of(text, overrides, shape, input_second);
    return found->second;
  };
}

}  // namespace actlab
