#include "app/catalogue.h"

#include "data/registry.h"
#include "models/registry.h"
#include "train/loss.h"
#include "train/optimizer.h"
#include "train/schedule.h"

namespace actlab {
namespace {

void check_model(const Config& config, Problems& problems) {
  const auto shape = known_shape(config.data);
  if (!shape) return;  // the data will tell, and the check comes after they are read
  ModelOutput output;
  try {
    output = model_output(config.model, *shape, shape->classes);
  } catch (const Error& e) {
    problems.add(config.model.where, "model", e.what());
    return;
  }
  if (const auto problem = Loss(config.loss).check(output, shape->classes)) {
    problems.add(config.loss.where, problem->key, problem->message + "; set " + problem->suggestion);
  }
}

}  // namespace

std::vector<ComponentSection> catalogue() {
  return {data_section(), model_section(), loss_section(), optimizer_section(), schedule_section()};
}

Config load_checked_config(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                           Problems& problems) {
  Config config = load_config(file, overrides, catalogue(), problems);
  if (problems.empty()) check_model(config, problems);
  return config;
}

Config parse_checked_config(const std::string& text, const std::string& name,
                            const std::vector<std::string>& overrides, Problems& problems) {
  Config config = parse_config(text, name, overrides, catalogue(), problems);
  if (problems.empty()) check_model(config, problems);
  return config;
}

}  // namespace actlab
