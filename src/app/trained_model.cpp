#include "app/trained_model.h"

#include <algorithm>

#include "app/catalogue.h"
#include "app/stored_run.h"
#include "checkpoint/checkpoint.h"
#include "core/log.h"
#include "core/text.h"
#include "data/registry.h"
#include "train/device.h"
#include "train/model_state.h"

namespace actlab {
namespace {

torch::Device device_for(const std::string& stored, const std::string& wanted) {
  if (wanted != stored || device_is_there(wanted)) return choose_device(wanted);
  log_info("trained on " + stored + ", which is not here: running on the CPU");
  return torch::kCPU;
}

void check_overrides(const std::vector<std::string>& overrides, const std::vector<std::string>& allowed) {
  for (const auto& override : overrides) {
    const std::string key = override.substr(0, override.find('='));
    const bool known = std::any_of(allowed.begin(), allowed.end(), [&](const std::string& name) {
      return key == name || key.starts_with(name + ".");
    });
    // Training has fixed these, whatever the data.
    if (known && key != "data.normalize" && key != "data.validation") continue;
    const std::string leaf = key.substr(key.rfind('.') + 1);
    const std::string file = key == leaf ? "; nor is there a file " + override : "";
    throw Error(ExitStatus::kUsage,
                key + " cannot be changed for a trained model here; what can: " + join(allowed) + file);
  }
}

// With the keys that kDataFiles stands for.
std::vector<std::string> spelt_out(const std::vector<std::string>& allowed, const Config& stored) {
  std::vector<std::string> keys;
  for (const auto& name : allowed) {
    if (name != kDataFiles) keys.push_back(name);
    if (name != kDataFiles) continue;
    for (const auto& path : data_paths(stored.data)) keys.push_back("data." + path);
  }
  return keys;
}

}  // namespace

TrainedModel load_trained_model(const std::filesystem::path& path, const std::vector<std::string>& overrides,
                                const std::vector<std::string>& allowed) {
  const std::string name = path.string();
  StoredRun stored = check_stored(load_checkpoint(path), name);
  check_overrides(overrides, spelt_out(allowed, stored.config));
  Problems problems;
  Config config = parse_checked_config(stored.checkpoint.config, name, overrides, problems);
  problems.throw_if_any();
  const torch::Device device = device_for(stored.config.device, config.device);
  config.threads.value = choose_threads(config.threads.value);
  auto model = stored_model(stored);
  place(*model, device);
  model->eval();
  auto task = make_task(config.loss, model->output(), stored.state.class_names);
  auto normalization = stored_normalization(stored.checkpoint);
  return {std::move(config), std::move(stored.state), std::move(normalization), device,
          std::move(model),  std::move(task)};
}

void check_data(const TrainedModel& trained, const DataParts& data, const std::string& name) {
  if (!(data.train.shape() == trained.state.shape)) {
    throw Error(ExitStatus::kData, "the data have another shape or number of classes than those that " +
                                       name + " was trained on");
  }
  if (data.class_names != trained.state.class_names) {
    throw Error(ExitStatus::kData, "the data have the classes " + join(data.class_names, " | ") + ", but " +
                                       name + " was trained on " + join(trained.state.class_names, " | "));
  }
}

}  // namespace actlab
