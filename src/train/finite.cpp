#include "train/finite.h"

#include <cstdint>

namespace actlab {
namespace {

using torch::Tensor;

// NaN and infinities are the floats with all exponent bits set. Compared as integers, which compilers
// vectorise, here for several instruction sets.
__attribute__((target_clones("avx512f", "avx2", "default"))) bool finite_bits(const uint32_t* bits,
                                                                              int64_t count) {
  constexpr uint32_t kExponent = 0x7f800000;
  uint32_t found = 0;
  for (int64_t i = 0; i < count; ++i) found |= (bits[i] & kExponent) == kExponent ? 1U : 0U;
  return found == 0;
}

// The order of elements does not matter, so any dense layout will do.
bool all_finite_cpu(const Tensor& tensor) {
  return finite_bits(static_cast<const uint32_t*>(tensor.const_data_ptr()), tensor.numel());
}

bool is_dense_cpu_float(const Tensor& tensor) {
  return tensor.is_cpu() && tensor.scalar_type() == torch::kFloat32 && tensor.is_non_overlapping_and_dense();
}

}  // namespace

Tensor any_non_finite(const std::vector<Tensor>& tensors) {
  Tensor found;
  for (const auto& tensor : tensors) {
    if (!tensor.defined() || !tensor.is_floating_point()) continue;
    const Tensor bad = at::isfinite(tensor.detach()).logical_not().any();
    found = found.defined() ? found.logical_or(bad) : bad;
  }
  return found.defined() ? found : at::zeros({}, torch::kBool);
}

bool all_finite(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> others;
  for (const auto& tensor : tensors) {
    if (!tensor.defined() || !is_dense_cpu_float(tensor)) {
      others.push_back(tensor);
    } else if (!all_finite_cpu(tensor)) {
      return false;
    }
  }
  return others.empty() || !any_non_finite(others).item<bool>();
}

std::string first_non_finite(const std::vector<NamedTensor>& tensors) {
  // All at once first, which is one synchronisation on a GPU; the name is only asked for when one is bad.
  std::vector<Tensor> unnamed;
  for (const auto& [name, tensor] : tensors) unnamed.push_back(tensor);
  if (all_finite(unnamed)) return "";
  for (const auto& [name, tensor] : tensors) {
    if (!all_finite({tensor})) return name;
  }
  return "";
}

}  // namespace actlab
