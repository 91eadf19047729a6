#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "config/config.h"
#include "models/model.h"
#include "train/loader.h"
#include "train/optimizer.h"
#include "train/task.h"

namespace actlab {

// What `bad` names where the norm that gradients are clipped by has overflowed.
inline constexpr const char* kGradientNorm = "the norm of all gradients, which train.clip.norm needs,";

// What came of a step of the optimizer.
struct StepResult {
  int64_t examples = 0;
  double learning_rate = 0;
  double loss = 0;  // before the step
  // What holds a NaN or an infinity: "the gradient of fc1.weight"; empty where nothing does. The step was
  // then not taken, or, where results are read late, not to be used.
  std::string bad = {};
};

// Takes steps of the optimizer. On the CPU every step is looked at as it is taken. On a GPU, which reading
// would hold up, losses and findings gather there until read().
class Stepper {
 public:
  // All must outlive it. `late`: gather results before they are read, however many.
  Stepper(Model& model, const Task& task, Optimizer& optimizer, const std::vector<NamedTensor>& parameters,
          const ClipOptions& clip, bool late);

  // Forward, loss, backward, clip, update.
  void step(const Batch& batch, double learning_rate);

  // The results of the steps since the last call, oldest first.
  std::vector<StepResult> read();

  // Whether so many steps have gathered that they should be read.
  bool due() const { return pending_.size() >= (late_ ? kLate : 1); }

 private:
  static constexpr size_t kLate = 16;  // enough to keep a GPU busy meanwhile

  // A step, and what of it is still on the device.
  struct Pending {
    StepResult result;
    torch::Tensor loss;                // [], defined when read late
    std::vector<torch::Tensor> found;  // [] bool each: a check that failed
    std::vector<std::string> checks;   // what they were of
  };

  // Whether the step may go on: always when it is looked at late.
  bool check(const std::vector<torch::Tensor>& tensors, const std::string& what,
             const std::function<std::string(size_t)>& name_of = {});
  bool check_loss(const torch::Tensor& loss);
  bool check_gradients();
  // Whether the step may go on.
  bool clip();

  Model& model_;
  const Task& task_;
  Optimizer& optimizer_;
  const std::vector<NamedTensor>& parameters_;
  ClipOptions clip_;
  bool late_;
  std::vector<Pending> pending_;
};

}  // namespace actlab
