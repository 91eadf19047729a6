#include "app/catalogue.h"
#include "app/run_name.h"
#include "config/emit.h"
#include "library/config_parts.h"

namespace actlab::v0 {

TrainingConfig TrainingConfig::from_file(const std::filesystem::path& file,
                                         const std::vector<std::string>& overrides) {
  Problems problems;
  Config config = load_checked_config(file, overrides, problems);
  problems.throw_if_any();
  config.run.name = run_name(config, file, overrides);
  return TrainingConfig(std::make_shared<Parts>(std::move(config)));
}

TrainingConfig TrainingConfig::from_text(const std::string& yaml, const std::vector<std::string>& overrides) {
  // What messages call it, and the run directory where the text does not name one.
  constexpr const char* kName = "config";
  Problems problems;
  Config config = parse_checked_config(yaml, kName, overrides, problems);
  problems.throw_if_any();
  config.run.name = run_name(config, kName, overrides);
  return TrainingConfig(std::make_shared<Parts>(std::move(config)));
}

std::string TrainingConfig::yaml() const {
  return to_yaml(to_node(parts_->config));
}

}  // namespace actlab::v0
