#pragma once

#include <gtest/gtest.h>
#include <torch/cuda.h>
#include <torch/types.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "train/device.h"

// What the tests of the GPU share. They use LibTorch's own API only, so they compile with a CPU LibTorch too.
namespace actlab::test {

// ACTLAB_TEST_DEVICE=cpu runs the tests on the CPU: that tries the tests themselves where there is no GPU.
inline std::string tested_device_name() {
  const char* name = std::getenv("ACTLAB_TEST_DEVICE");
  return name == nullptr ? "cuda" : name;
}

inline bool tests_the_cpu() {
  return tested_device_name() == "cpu";
}

inline torch::Device tested_device() {
  return tests_the_cpu() ? torch::Device(torch::kCPU) : torch::Device(torch::kCUDA, 0);
}

// Every suite here is one of these, and skipped where no GPU answers.
class CudaTest : public testing::Test {
 protected:
  void SetUp() override {
    if (tests_the_cpu() || torch::cuda::is_available()) return;
    GTEST_SKIP() << (built_for_cuda() ? "no GPU: no NVIDIA GPU answers"
                                      : "no GPU: this LibTorch is built for the CPU only");
  }
};

// For what only a GPU has.
#define ACTLAB_NEEDS_GPU() \
  if (tests_the_cpu()) GTEST_SKIP() << "no GPU: run on the CPU by ACTLAB_TEST_DEVICE"

// By default cuDNN rounds the inputs of float32 convolutions to TF32, 10 bits of fraction instead of 23,
// which LibTorch, PyTorch and actlab all leave as it is; matrix products are in whole float32. While one of
// these lives, convolutions are as well, so that they can be compared with the CPU's to float32's own
// rounding.
class WholeFloat32 {
 public:
  WholeFloat32() : former_(at::globalContext().allowTF32CuDNN()) {
    at::globalContext().setAllowTF32CuDNN(false);
  }
  ~WholeFloat32() { at::globalContext().setAllowTF32CuDNN(former_); }
  WholeFloat32(const WholeFloat32&) = delete;
  WholeFloat32& operator=(const WholeFloat32&) = delete;

 private:
  bool former_;
};

// What convolutions with TF32 may differ by, relative to the largest value: an input is off by up to 2^-11,
// and sums over some hundred products hardly add to that.
inline constexpr double kTf32 = 5e-3;

// Equal element by element, within `tolerance` times the largest magnitude of the CPU's, or times 1 where
// that is smaller. NaN fails.
inline void expect_near(const torch::Tensor& gpu, const torch::Tensor& cpu, double tolerance,
                        const std::string& what) {
  ASSERT_EQ(gpu.sizes(), cpu.sizes()) << what;
  if (cpu.numel() == 0) return;
  const torch::Tensor expected = cpu.detach().to(torch::kFloat64);
  const torch::Tensor actual = gpu.detach().to(torch::kCPU, torch::kFloat64);
  const double size = std::max(1.0, expected.abs().max().item<double>());
  EXPECT_LE((actual - expected).abs().max().item<double>(), tolerance * size) << what;
}

}  // namespace actlab::test
