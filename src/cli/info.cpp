#include <ATen/Version.h>
#include <torch/cuda.h>
#include <torch/types.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/print.h"
#include "core/machine.h"
#include "train/device.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

ExitStatus info(const Invocation& invocation) {
  const bool cuda = torch::cuda::is_available();
  const ordered_json computer = machine();
  ordered_json result = {{"version", ACTLAB_VERSION},
                         {"libtorch", libtorch_version()},
                         {"cpu_capability", at::get_cpu_capability()},
                         {"cuda",
                          {{"built", built_for_cuda()},
                           {"available", cuda},
                           {"devices", cuda ? torch::cuda::device_count() : 0}}},
                         {"threads", at::get_num_threads()},
                         {"build", {{"type", ACTLAB_BUILD_TYPE}, {"compiler", "g++ " __VERSION__}}},
                         {"machine", computer}};
  if (invocation.json()) {
    print_json(result);
    return ExitStatus::kDone;
  }
  std::printf("actlab    %s (%s, %s)\n", ACTLAB_VERSION, ACTLAB_BUILD_TYPE, "g++ " __VERSION__);
  std::printf("libtorch  %s, %s kernels\n", libtorch_version().c_str(), at::get_cpu_capability().c_str());
  std::printf("cuda      %s\n", cuda ? (std::to_string(torch::cuda::device_count()) + " GPU(s)").c_str()
                                : built_for_cuda() ? "built for it, but no GPU answers"
                                                   : "not in this LibTorch");
  std::printf("threads   %d\n", at::get_num_threads());
  std::printf("machine   %s, %s\n", computer["cpu"].get<std::string>().c_str(),
              computer["os"].get<std::string>().c_str());
  return ExitStatus::kDone;
}

}  // namespace

Command info_command() {
  return {.name = "info",
          .arguments = "",
          .summary = "versions, build and devices",
          .details = "",
          .min_arguments = 0,
          .max_arguments = 0,
          .takes_overrides = false,
          .computes = false,
          .flags = {},
          .run = info};
}

}  // namespace actlab
