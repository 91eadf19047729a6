#include "train/resume.h"

#include <algorithm>

#include "checkpoint/resume.h"
#include "core/error.h"
#include "core/text.h"
#include "data/registry.h"

namespace actlab {
namespace {

void check_rates(const Config& stored, const TrainState& state, const Config& wanted,
                 const Schedule& schedule, SchedulePlan plan, const std::string& name) {
  plan.epochs = stored.train.epochs;
  const auto planned = make_schedule(stored.schedule, plan);
  const auto check = [&](int64_t step) {
    if (planned->rate(step, state.watched) == schedule.rate(step, state.watched)) return;
    throw Error(ExitStatus::kUsage,
                "cannot resume " + name + " with train.epochs=" + std::to_string(wanted.train.epochs) +
                    ": the schedule " + component_type(wanted.schedule) + " spans the whole run, so step " +
                    std::to_string(step) + " would have had another learning rate");
  };
  // Curves over two lengths may cross here and there, but part soon: so many looks tell them apart.
  constexpr int64_t kLooks = 1000;
  if (state.step > 0) check(state.step - 1);
  for (int64_t step = 0; step < state.step; step += std::max(state.step / kLooks, int64_t{1})) check(step);
}

// The checkpoint's config, had it run where `wanted` does.
Config moved(Config stored, const Config& wanted) {
  stored.threads = wanted.threads;
  if (component_type(stored.data) != component_type(wanted.data)) return stored;
  for (const auto& path : data_paths(stored.data)) stored.data[path] = *wanted.data.find(path);
  return stored;
}

}  // namespace

std::vector<std::string> differences_of_place(const Config& stored, const Config& wanted) {
  return config_differences(to_node(stored), to_node(moved(stored, wanted)));
}

void check_resume(const Config& stored, const TrainState& state, const Config& wanted,
                  const Schedule& schedule, const SchedulePlan& plan, const std::string& name) {
  Config with_our_epochs = moved(stored, wanted);
  with_our_epochs.train.epochs = wanted.train.epochs;
  const auto differences = config_differences(to_node(with_our_epochs), to_node(wanted));
  if (!differences.empty()) {
    throw Error(
        ExitStatus::kUsage,
        "cannot resume " + name + ": the config differs in " + join(differences) +
            "; only train.epochs may grow, and threads and where the data lie may change. Start a new run "
            "without --resume instead");
  }
  if (wanted.train.epochs < stored.train.epochs) {
    throw Error(ExitStatus::kUsage, "cannot resume " + name + ": train.epochs is " +
                                        std::to_string(wanted.train.epochs) + ", but was " +
                                        std::to_string(stored.train.epochs) + "; it may only grow");
  }
  if (wanted.train.epochs > stored.train.epochs) check_rates(stored, state, wanted, schedule, plan, name);
}

}  // namespace actlab
