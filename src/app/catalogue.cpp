#include "app/catalogue.h"

#include "app/find_checkpoint.h"
#include "checkpoint/checkpoint.h"
#include "data/registry.h"
#include "models/registry.h"
#include "rundir/files.h"
#include "train/loss.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "train/task.h"
#include "train/watch.h"

namespace actlab {
namespace {

void check_watch(const Config& config, const ModelOutput& output, int64_t classes, Problems& problems) {
  const auto task = make_task(config.loss, output, std::vector<std::string>(static_cast<size_t>(classes)));
  const Node* held_out = config.data.find("validation");
  try {
    watch_of(config.train, *task, held_out != nullptr && held_out->text != "0");
  } catch (const Error& e) {
    const std::string key = "train.watch";
    const std::string message = e.what();
    problems.add({.file = config.model.where.file}, key, message.substr(message.find(": ") + 2));
  }
}

}  // namespace

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
    return;
  }
  check_watch(config, output, shape->classes, problems);
}

std::vector<ComponentSection> catalogue() {
  return {data_section(), model_section(), loss_section(), optimizer_section(), schedule_section()};
}

Config load_checked_config(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                           Problems& problems) {
  Config config = load_config(file, overrides, catalogue(), problems);
  if (problems.empty()) check_model(config, problems);
  return config;
}

Config load_any_config(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                       Problems& problems) {
  if (is_checkpoint(file))
    return parse_checked_config(load_checkpoint(file).config, file.string(), overrides, problems);
  const auto of_run = file / run_files::kConfig;
  return load_checked_config(std::filesystem::exists(of_run) ? of_run : file, overrides, problems);
}

Config parse_checked_config(const std::string& text, const std::string& name,
                            const std::vector<std::string>& overrides, Problems& problems) {
  Config config = parse_config(text, name, overrides, catalogue(), problems);
  if (problems.empty()) check_model(config, problems);
  return config;
}

}  // namespace actlab
