#include "train/device.h"

#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include "core/error.h"

namespace actlab {
namespace {

// LibTorch would read cuda:256 as cuda:0.
int64_t index_of(const std::string& name) {
  const std::string prefix = "cuda:";
  return name.starts_with(prefix) ? std::stoll(name.substr(prefix.size())) : 0;
}

int64_t gpu_count() {
  return torch::cuda::is_available() ? static_cast<int64_t>(torch::cuda::device_count()) : 0;
}

}  // namespace

bool built_for_cuda() {
  return at::detail::getCUDAHooks().isBuilt();
}

bool device_is_there(const std::string& name) {
  return name == "cpu" || name == "auto" || index_of(name) < gpu_count();
}

torch::Device choose_device(const std::string& name) {
  if (name == "cpu") return torch::kCPU;  // without waking the driver
  const int64_t count = gpu_count();
  if (name == "auto" && count == 0) return torch::kCPU;
  if (count == 0) {
    const bool built = built_for_cuda();
    throw Error(
        ExitStatus::kFailed,
        "device " + name + ": " +
            (built
                 ? "no NVIDIA GPU answers; check the driver with nvidia-smi, or set device=cpu"
                 : "this LibTorch is built for the CPU only; set device=cpu, or install the CUDA build with "
                   "scripts/setup on a machine with an NVIDIA driver"));
  }
  const int64_t index = index_of(name);
  if (index >= count) {
    throw Error(ExitStatus::kFailed, "device " + name + ": this machine has " + std::to_string(count) +
                                         " GPU(s), counted from cuda:0");
  }
  // Else cuDNN may take algorithms that add up in an order of their own, and training could not be repeated.
  at::globalContext().setDeterministicCuDNN(true);
  return {torch::kCUDA, static_cast<torch::DeviceIndex>(index)};
}

int64_t choose_threads(std::optional<int64_t> threads) {
  if (threads) at::set_num_threads(static_cast<int>(*threads));
  return at::get_num_threads();
}

std::string libtorch_version() {
  return std::to_string(TORCH_VERSION_MAJOR) + "." + std::to_string(TORCH_VERSION_MINOR) + "." +
         std::to_string(TORCH_VERSION_PATCH);
}

}  // namespace actlab
