#include "train/training_setup.h"

#include "train/optimizer.h"

namespace actlab {

TrainingSetup training_setup(const Config& config, const Task& task) {
  TrainingSetup setup = setup_of(config);
  setup.usual_rates = usual_rates(config.optimizer);
  task.describe(setup);
  return setup;
}

}  // namespace actlab
