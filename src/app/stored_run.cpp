#include "app/stored_run.h"

#include <torch/types.h>

#include <utility>

#include "app/catalogue.h"
#include "core/error.h"
#include "models/registry.h"
#include "train/model_state.h"
#include "train/snapshot.h"

namespace actlab {
namespace {

// More than the checkpoint has are not worth their memory.
void check_size(const StoredRun& stored) {
  int64_t there = 0;
  for (const auto& [key, tensor] : stored.checkpoint.tensors) {
    if (key.starts_with("model.")) there += tensor.numel();
  }
  const ExampleShape& shape = stored.state.shape;
  if (weight_count(stored.config.model, shape, shape.classes) <= there) return;
  throw Error(ExitStatus::kFailed,
              stored.name +
                  ": its training state is damaged: shape is that of a larger model than its "
                  "weights are of; use another checkpoint");
}

}  // namespace

StoredRun check_stored(Checkpoint checkpoint, const std::string& name) {
  StoredRun stored{std::move(checkpoint), {}, {}, name};
  Problems problems;
  stored.config = parse_checked_config(stored.checkpoint.config, name, {}, problems);
  try {
    problems.throw_if_any();
  } catch (const Error& e) {
    throw Error(ExitStatus::kFailed,
                name + ": its config is damaged, or of another version of actlab: " + e.what());
  }
  stored.state = TrainState::from_json(stored.checkpoint.state, name);
  check_state(stored.state, stored.config.train, std::nullopt, name);
  return stored;
}

std::shared_ptr<Model> stored_model(const StoredRun& stored) {
  const ExampleShape& shape = stored.state.shape;
  try {
    check_size(stored);
    auto model = make_model(stored.config.model, shape, shape.classes);
    check_snapshot(stored.checkpoint, stored.config, stored.state, *model, stored.name);
    restore(stored.checkpoint, model_tensors(*model));
    return model;
  } catch (const Error& e) {
    if (e.status() != ExitStatus::kUsage) throw;
    throw Error(ExitStatus::kFailed,
                stored.name + ": its model does not fit its training state: " + e.what());
  }
}

}  // namespace actlab
