#include "core/device.h"

#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/version.h>

#include "core/error.h"

namespace actlab {

bool built_for_cuda() {
  return at::detail::getCUDAHooks().isBuilt();
}

torch::Device choose_device(const std::string& name) {
  const bool there = torch::cuda::is_available();
  if (name == "cpu" || (name == "auto" && !there)) return torch::kCPU;
  if (!there) {
    const bool built = built_for_cuda();
    throw Error(
        ExitStatus::kFailed,
        "device " + name + ": " +
            (built
                 ? "no NVIDIA GPU answers; check the driver with nvidia-smi, or set device=cpu"
                 : "this LibTorch is built for the CPU only; set device=cpu, or install the CUDA build with "
                   "scripts/setup on a machine with an NVIDIA driver"));
  }
  const torch::Device device(name == "auto" || name == "cuda" ? "cuda:0" : name);
  const auto count = static_cast<int64_t>(torch::cuda::device_count());
  if (device.index() >= count) {
    throw Error(ExitStatus::kFailed, "device " + name + ": this machine has " + std::to_string(count) +
                                         " GPU(s), counted from cuda:0");
  }
  return device;
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
