#include "activation/activation.h"

#include <torch/utils.h>

#include "activation/table.h"
#include "cuda/cuda_support.h"

namespace actlab::test {
namespace {

using torch::Tensor;

class CudaActivation : public CudaTest {};

// A few roundings of float32, 6e-8 each, and functions such as exp and erf, which the two sides calculate to
// a few units in the last place.
constexpr double kElement = 1e-5;
// Gradients of learned parameters are sums over all elements, in another order.
constexpr double kSum = 1e-4;
// A rounding to bfloat16 is 4e-3, and some functions are several operations long; gradients jump at kinks, to
// whose other side a rounding may take an element (smelu: 3e-2).
constexpr double kBfloat16Rounding = 2e-2;
constexpr double kBfloat16Slope = 6e-2;

struct Pass {
  Tensor y, dx;
  std::vector<Tensor> dweights;
};

// Value and gradients in evaluation mode, for an upstream gradient without symmetry.
Pass pass_of(const ActivationSpec& spec, const Tensor& x, torch::Device device, torch::ScalarType type) {
  Activation activation(spec);
  activation.to(device, type);
  activation.eval();
  const Tensor input = x.to(device, type).detach().requires_grad_();
  Pass pass{activation.forward(input), {}, {}};
  const Tensor upstream = at::cos(at::arange(pass.y.numel(), torch::kFloat32)).reshape(pass.y.sizes());
  pass.y.backward(upstream.to(device, type));
  pass.dx = input.grad();
  for (const auto& parameter : activation.parameters()) pass.dweights.push_back(parameter.grad());
  return pass;
}

// Features, and channels laid out channels_last.
std::vector<Tensor> inputs() {
  torch::manual_seed(1);
  return {3 * torch::randn({64, 24}),
          (3 * torch::randn({4, 8, 5, 5})).contiguous(torch::MemoryFormat::ChannelsLast)};
}

std::vector<ActivationSpec> every_activation() {
  std::vector<ActivationSpec> specs;
  for (const auto& name : activation_names()) specs.push_back({name, {}});
  specs.push_back({kFormulaType, {{"b", 1.5}}, "x * sigmoid(b * x)", {"b"}});
  specs.push_back({kFormulaType, {{"s", 0.25}}, "where(x > 0, x, s * x)", {}});
  return specs;
}

void expect_near_as_a_whole(const Tensor& gpu, const Tensor& cpu, double tolerance, const std::string& what) {
  const Tensor expected = cpu.to(torch::kFloat64);
  const Tensor actual = gpu.detach().to(torch::kCPU, torch::kFloat64);
  EXPECT_LE((actual - expected).norm().item<double>(), tolerance * expected.norm().item<double>()) << what;
}

TEST_F(CudaActivation, EveryOneHasTheCpusValuesAndGradients) {
  for (const auto& spec : every_activation()) {
    for (const Tensor& x : inputs()) {
      const std::string name = short_text(spec) + (x.dim() == 4 ? " of images" : "");
      const Pass gpu = pass_of(spec, x, tested_device(), torch::kFloat32);
      const Pass cpu = pass_of(spec, x, torch::kCPU, torch::kFloat32);
      EXPECT_EQ(gpu.y.device(), tested_device()) << name;
      expect_near(gpu.y, cpu.y, kElement, name + ": y");
      expect_near(gpu.dx, cpu.dx, kElement, name + ": dL/dx");
      ASSERT_EQ(gpu.dweights.size(), cpu.dweights.size()) << name;
      for (size_t i = 0; i < gpu.dweights.size(); ++i)
        expect_near(gpu.dweights[i], cpu.dweights[i], kSum, name + ": dL/dweight");
    }
  }
}

// What an operation has no bfloat16 for is told and no failure.
TEST_F(CudaActivation, BFloat16IsFloat32Rounded) {
  std::string unsupported;
  for (const auto& spec : every_activation()) {
    const Tensor x = inputs()[0].to(torch::kBFloat16).to(torch::kFloat32);
    const Pass cpu = pass_of(spec, x, torch::kCPU, torch::kFloat32);
    try {
      const Pass gpu = pass_of(spec, x, tested_device(), torch::kBFloat16);
      EXPECT_EQ(gpu.y.scalar_type(), torch::kBFloat16) << short_text(spec);
      expect_near_as_a_whole(gpu.y, cpu.y, kBfloat16Rounding, short_text(spec) + ": y");
      expect_near_as_a_whole(gpu.dx, cpu.dx, kBfloat16Slope, short_text(spec) + ": dL/dx");
    } catch (const c10::Error& e) {
      unsupported += short_text(spec) + ": " + e.what_without_backtrace() + "\n";
    }
  }
  RecordProperty("unsupported", unsupported);
}

TEST_F(CudaActivation, RandomSlopesLieBetweenTheirBoundsWhileTraining) {
  Activation activation({"rrelu", {}});
  activation.to(tested_device());
  activation.train();
  const Tensor x = -at::rand({1000}).to(tested_device()) - 1;
  const Tensor slopes = activation.forward(x) / x;
  EXPECT_GE(slopes.min().item<float>(), 0.125F - 1e-5F);
  EXPECT_LE(slopes.max().item<float>(), 1.0F / 3 + 1e-5F);
  EXPECT_GT(slopes.std().item<float>(), 0.03F);
}

}  // namespace
}  // namespace actlab::test
