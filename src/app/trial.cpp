#include "app/trial.h"

#include <torch/utils.h>

#include <algorithm>

#include "core/error.h"
#include "core/stopwatch.h"
#include "train/model_state.h"
#include "train/trainer.h"

namespace actlab {
namespace {

bool draws_weights(const std::vector<std::string>& overrides) {
  return std::any_of(overrides.begin(), overrides.end(), [](const std::string& override) {
    return override.starts_with("model.init") || override.starts_with("seed=");
  });
}

// What of the checkpoint fits.
void take_weights(const Model& model, const Checkpoint& checkpoint) {
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : model_tensors(model)) {
    for (const auto& [stored, value] : checkpoint.tensors) {
      if (stored == name && value.sizes() == tensor.sizes()) tensor.copy_(value);
    }
  }
}

}  // namespace

Trial run_trial(const Config& config, const std::vector<std::string>& overrides, const DataParts& data,
                torch::Device device, const std::optional<Checkpoint>& checkpoint, int64_t steps) {
  Trial trial;
  trial.overrides = overrides;
  trial.fresh = checkpoint && draws_weights(overrides);
  const auto model = new_model(config, data.train.shape());
  if (checkpoint && !trial.fresh) take_weights(*model, *checkpoint);
  const auto task = make_task(config.loss, model->output(), data.class_names);
  trial.headline = task->headline();
  Trainer trainer(config, data, model, task, device);
  const Stopwatch stopwatch;
  try {
    trainer.run_steps(steps);
  } catch (const Error& e) {
    if (e.status() != ExitStatus::kDiverged) throw;
    trial.diverged = true;
  }
  trial.seconds = stopwatch.seconds();
  if (trial.diverged) return trial;
  const Evaluation held_out = trainer.held_out();
  trial.value = held_out.value;
  trial.loss = held_out.loss;
  trial.examples = held_out.examples;
  return trial;
}

}  // namespace actlab
