#include "app/trained_model.h"

#include <algorithm>

#include "app/catalogue.h"
#include "checkpoint/checkpoint.h"
#include "core/log.h"
#include "core/text.h"
#include "models/registry.h"
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
    throw Error(ExitStatus::kUsage,
                key + " cannot be changed for a trained model here; what can: " + join(allowed));
  }
}

}  // namespace

TrainedModel load_trained_model(const std::filesystem::path& path, const std::vector<std::string>& overrides,
                                const std::vector<std::string>& allowed) {
  check_overrides(overrides, allowed);
  const std::string name = path.string();
  const Checkpoint checkpoint = load_checkpoint(path);
  Problems problems;
  const Config stored = parse_checked_config(checkpoint.config, name, {}, problems);
  Config config = parse_checked_config(checkpoint.config, name, overrides, problems);
  problems.throw_if_any();
  const torch::Device device = device_for(stored.device, config.device);
  config.threads.value = choose_threads(config.threads.value);
  TrainState state = TrainState::from_json(checkpoint.state, name);
  auto model = make_model(config.model, state.shape, state.shape.classes);
  place(*model, device);
  restore(checkpoint, {"model."}, model_tensors(*model), name);
  model->eval();
  auto task = make_task(config.loss, model->output(), state.class_names);
  return {std::move(config), std::move(state), stored_normalization(checkpoint, name), device,
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
