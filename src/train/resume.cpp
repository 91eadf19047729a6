#include "train/resume.h"

#include "checkpoint/resume.h"
#include "core/error.h"
#include "core/text.h"

namespace actlab {
namespace {

void check_rates(const Config& stored, const TrainState& state, const Config& wanted,
                 const Schedule& schedule, SchedulePlan plan, const std::string& name) {
  plan.epochs = stored.train.epochs;
  const auto planned = make_schedule(stored.schedule, plan);
  for (int64_t step = 0; step < state.step; ++step) {
    if (planned->rate(step, state.watched) == schedule.rate(step, state.watched)) continue;
    throw Error(ExitStatus::kUsage,
                "cannot resume " + name + " with train.epochs=" + std::to_string(wanted.train.epochs) +
                    ": the schedule " + component_type(wanted.schedule) + " spans the whole run, so step " +
                    std::to_string(step) + " would have had another learning rate");
  }
}

}  // namespace

void check_resume(const Config& stored, const TrainState& state, const Config& wanted,
                  const Schedule& schedule, const SchedulePlan& plan, const std::string& name) {
  Config with_our_epochs = stored;
  with_our_epochs.train.epochs = wanted.train.epochs;
  const auto differences = config_differences(to_node(with_our_epochs), to_node(wanted));
  if (!differences.empty()) {
    throw Error(ExitStatus::kUsage,
                "cannot resume " + name + ": the config differs in " + join(differences) +
                    "; only train.epochs may grow. Start a new run without --resume instead");
  }
  if (wanted.train.epochs < stored.train.epochs) {
    throw Error(ExitStatus::kUsage, "cannot resume " + name + ": train.epochs is " +
                                        std::to_string(wanted.train.epochs) + ", but was " +
                                        std::to_string(stored.train.epochs) + "; it may only grow");
  }
  if (wanted.train.epochs > stored.train.epochs) check_rates(stored, state, wanted, schedule, plan, name);
}

}  // namespace actlab
