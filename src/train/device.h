#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace actlab {

// Whether this LibTorch can use an NVIDIA GPU at all, should there be one.
bool built_for_cuda();

// Whether choose_device has one for that name.
bool device_is_there(const std::string& name);

// `auto`, `cpu`, `cuda` or `cuda:N` as a device that is there. Throws Error (1) that says what is missing: a
// LibTorch built for CUDA, a driver with a GPU, or the N-th GPU. With a GPU, cuDNN gives equal bits for equal
// inputs from then on.
torch::Device choose_device(const std::string& name);

// Threads that operations use, from now on; without a number, what LibTorch finds best for this machine.
// Returns how many that is.
int64_t choose_threads(std::optional<int64_t> threads);

// Version of the LibTorch that runs, as "2.13.0".
std::string libtorch_version();

}  // namespace actlab
