#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "train/optimizer.h"

namespace actlab {

// Whether no element is NaN or infinite. On the CPU one pass at memory speed; on a GPU one synchronisation.
bool all_finite(const std::vector<torch::Tensor>& tensors);

// The same as a tensor [] on their device, true where there is one; not read back.
torch::Tensor any_non_finite(const std::vector<torch::Tensor>& tensors);

// The name of the first tensor that holds a NaN or an infinity, or "".
std::string first_non_finite(const std::vector<NamedTensor>& tensors);

}  // namespace actlab
