#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <optional>

#include "core/non_finite.h"

namespace actlab {

// The mean loss of a batch: a scalar, from outputs [N, K] and labels [N].
using ExaminedLoss = std::function<torch::Tensor(const torch::Tensor& output, const torch::Tensor& labels)>;

// The loss of these outputs as a number, or none where an output or the loss is not finite: the examples
// concerned, numbered from `first` on, are then added to `bad`. Losses are only asked of finite outputs:
// binary cross-entropy stops with an assertion of its own on a NaN, which on a GPU ends all that the process
// could still do there.
std::optional<double> finite_loss(const ExaminedLoss& loss, const torch::Tensor& output,
                                  const torch::Tensor& labels, int64_t first, NonFinite& bad);

}  // namespace actlab
