#include "app/trial.h"

#include <torch/utils.h>

#include <algorithm>
#include <cstdio>

#include "core/error.h"
#include "core/log.h"
#include "core/progress_text.h"
#include "core/stopwatch.h"
#include "core/text.h"
#include "train/journal.h"
#include "train/model_state.h"
#include "train/trainer.h"

namespace actlab {
namespace {

bool draws_weights(const std::vector<std::string>& overrides) {
  return std::any_of(overrides.begin(), overrides.end(), [](const std::string& override) {
    return override.starts_with("model.init") || override.starts_with("seed=");
  });
}

// A bar that moves over the steps of a trial.
class TrialBar : public Journal {
 public:
  explicit TrialBar(int64_t steps) : steps_(steps) {}
  ~TrialBar() override { clear_status(); }
  TrialBar(const TrialBar&) = delete;
  TrialBar& operator=(const TrialBar&) = delete;

  void step(const StepRecord& record, const TrainState&) override {
    constexpr double kRedrawSeconds = 0.1;
    if (!shows_status() || since_drawn_.seconds() < kRedrawSeconds) return;
    since_drawn_ = {};
    const double share = static_cast<double>(record.step) / static_cast<double>(steps_);
    const std::string line = "step " + std::to_string(record.step) + " of " + std::to_string(steps_) + "  " +
                             bar(share, kColumns) + "  ETA " +
                             clock_text(since_begun_.seconds() * (1 - share) / share) +
                             formatted("  loss %.4f", record.loss);
    draw_status(line.substr(0, static_cast<size_t>(console_width(80) - 1)));
  }

 private:
  static constexpr int kColumns = 30;

  int64_t steps_;
  Stopwatch since_begun_;
  Stopwatch since_drawn_;
};

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
    TrialBar progress(steps);
    trainer.run_steps(steps, &progress);
    trial.seconds = stopwatch.seconds();
    const Evaluation held_out = trainer.held_out();
    trial.value = held_out.value;
    trial.loss = held_out.loss;
    trial.examples = held_out.examples;
  } catch (const Error& e) {
    if (e.status() != ExitStatus::kDiverged) throw;
    trial.diverged = true;
    trial.seconds = stopwatch.seconds();
  }
  return trial;
}

}  // namespace actlab
