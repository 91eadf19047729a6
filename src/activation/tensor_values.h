#pragma once

#include <torch/types.h>

#include <vector>

namespace actlab {

// The numbers of a tensor, row by row.
inline std::vector<double> values_of(const torch::Tensor& tensor) {
  const torch::Tensor doubles = tensor.detach().to(torch::kCPU, torch::kFloat64).contiguous();
  const auto* begin = doubles.const_data_ptr<double>();
  return {begin, begin + doubles.numel()};
}

}  // namespace actlab
