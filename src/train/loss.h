#pragma once

#include <torch/torch.h>

#include "config/config.h"
#include "models/model.h"

namespace actlab {

struct LossType;  // a row of the registry

// The `loss` section: a row a loss.
ComponentSection loss_section();

// A loss together with the model output that it is taken of: what turns labels into targets and outputs into
// probabilities.
class Loss {
 public:
  // Throws Error (2) naming the mend when loss, output and classes do not go together (see check_contract).
  Loss(const Node& loss, const ModelOutput& output, int64_t classes);

  // Labels [N] int64 as the loss wants them: int64 [N], or float [N, 1], or float one-hot [N, K].
  torch::Tensor targets(const torch::Tensor& labels) const;

  // Mean over the batch, a scalar. `output` [N, K], `targets` from targets().
  torch::Tensor operator()(const torch::Tensor& output, const torch::Tensor& targets) const;

  // [N, classes], rows summing to 1.
  torch::Tensor probabilities(const torch::Tensor& output) const;

 private:
  const LossType& type_;
  ModelOutput output_;
};

}  // namespace actlab
