#pragma once

#include <cstdint>
#include <vector>

#include "config/config.h"
#include "diagnose/examine.h"
#include "models/registry.h"
#include "train/loader.h"
#include "train/trainer.h"

namespace actlab {

// A network as a config describes it, with its data, to be looked at and trained for some steps. `auto` means
// here the CPU and one thread, so that figures are the same on every machine of a kind.
class Experiment {
 public:
  // Draws data and weights with the seed config.seed + draw.
  Experiment(Config config, int64_t draw = 0);
  Experiment(const Experiment&) = delete;
  Experiment& operator=(const Experiment&) = delete;

  // Takes optimizer steps; the loss of each.
  std::vector<double> train(int64_t steps) { return trainer_.run_steps(steps); }

  // Measures the hidden layers on the first `examples` training examples. Throws Error (4) where outputs or
  // losses are not finite.
  Examination examine(int64_t examples);

  // Mean square of the inputs of those examples: what theory starts from.
  double input_second(int64_t examples) const;

  // How well it does on what was held out from training.
  Evaluation held_out() { return trainer_.held_out(); }

  // The first training examples, at most `count`.
  Batch batch(int64_t count) const;

  Model& model() { return *model_; }
  const Task& task() const { return *task_; }
  // How the model's weights were drawn.
  InitSpec init() const { return init_of(config_.model); }

 private:
  Config config_;
  torch::Device device_;
  DataParts data_;
  std::shared_ptr<Model> model_;
  std::shared_ptr<const Task> task_;
  Trainer trainer_;
  Loader loader_;
};

}  // namespace actlab
