#include <torch/utils.h>

#include <cmath>
#include <limits>
#include <set>

#include "cuda/cuda_support.h"
#include "models/registry.h"
#include "parity.h"
#include "train/evaluator.h"
#include "train/finite.h"
#include "train/loader.h"
#include "train/model_state.h"
#include "train/tasks.h"

// What goes into a model on the GPU, and what is made of its output.
namespace actlab::test {
namespace {

using torch::Tensor;

class CudaLoader : public CudaTest {};
class CudaFinite : public CudaTest {};
class CudaLoss : public CudaTest {};
class CudaEvaluate : public CudaTest {};

Part made_up(const ExampleShape& shape, int64_t count) {
  Bytes pixels(static_cast<size_t>(count * shape.features()));
  std::vector<int64_t> labels;
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(i * i * 7 + i * 37);
  for (int64_t i = 0; i < count; ++i) labels.push_back(i % shape.classes);
  return {shape, pixels, labels};
}

Normalization same_in_all(int64_t channels) {
  const auto count = static_cast<size_t>(channels);
  return {std::vector<float>(count, 0.13F), std::vector<float>(count, 0.31F)};
}

TEST_F(CudaLoader, GathersTheBatchesOfTheCpuInTheirLayout) {
  const std::vector<int64_t> indices = {19, 0, 7, 7, 3};
  for (const int64_t channels : {1, 3}) {
    const Part data = made_up({channels, 6, 5, 5}, 20);
    for (const bool channels_last : {false, true}) {
      const Loader gpu(data, same_in_all(channels), tested_device(), channels_last);
      const Loader cpu(data, same_in_all(channels), torch::kCPU, channels_last);
      for (const auto& [ours, theirs] : {std::pair(gpu.gather(indices), cpu.gather(indices)),
                                         std::pair(gpu.gather_spread(2, 4, 9), cpu.gather_spread(2, 4, 9))}) {
        EXPECT_EQ(ours.inputs.device(), tested_device());
        EXPECT_EQ(ours.inputs.scalar_type(), torch::kFloat32);
        // Strides too: with others convolutions would run in the slower layout.
        EXPECT_EQ(ours.inputs.strides(), theirs.inputs.strides());
        expect_near(ours.inputs, theirs.inputs, 1e-6, "inputs");
        EXPECT_TRUE(at::equal(ours.labels.cpu(), theirs.labels));
      }
    }
  }
}

TEST_F(CudaFinite, FindsOneBadElementInAnyLayoutAndType) {
  const Tensor good = torch::ones({2}).to(tested_device());
  for (const double bad : {double{NAN}, double{INFINITY}, -double{INFINITY}}) {
    for (const auto type : {torch::kFloat32, torch::kFloat64, torch::kBFloat16}) {
      Tensor image = torch::randn({2, 3, 4, 5}).to(tested_device(), type);
      image = image.contiguous(torch::MemoryFormat::ChannelsLast);
      EXPECT_TRUE(all_finite({good, image, image.transpose(0, 3), torch::ones({1}), Tensor()}));
      image[1][2][3][4] = bad;
      EXPECT_FALSE(all_finite({good, image}));
      EXPECT_FALSE(all_finite({torch::ones({1}, torch::kFloat64), image, good}));
      EXPECT_TRUE(all_finite({image.slice(3, 0, 4, 2)}));
      EXPECT_EQ(first_non_finite({{"good", good}, {"bad", image}, {"worse", image}}), "bad");
    }
  }
  EXPECT_EQ(first_non_finite({{"good", good}}), "");
}

struct LossCase {
  const char* loss;
  const char* output;
  int64_t outputs;
  int64_t classes;
};

const LossCase kLossCases[] = {
    {"mse", "sigmoid", 1, 2},          {"mse", "softmax", 4, 4},     {"mse", "logits", 1, 2},
    {"bce", "sigmoid", 1, 2},          {"nll", "log_softmax", 4, 4}, {"bce_with_logits", "logits", 1, 2},
    {"cross_entropy", "logits", 4, 4},
};

Tensor as_output(const Tensor& logits, const std::string& kind) {
  if (kind == "sigmoid") return at::sigmoid(logits);
  if (kind == "softmax") return at::softmax(logits, 1);
  return kind == "log_softmax" ? at::log_softmax(logits, 1) : logits;
}

TEST_F(CudaLoss, EveryOneHasTheCpusTargetsValueGradientAndProbabilities) {
  std::set<std::string> compared;
  for (const auto& [name, kind, outputs, classes] : kLossCases) {
    compared.insert(name);
    const std::string what = std::string(name) + " of " + kind;
    const Classification task = classification(name, {kind, outputs}, classes);
    const Tensor output = as_output(torch::randn({50, outputs}), kind);
    const Tensor labels = torch::arange(50) % classes;
    const Tensor cpu = output.clone().requires_grad_();
    const Tensor gpu = output.to(tested_device(), torch::kFloat32, false, /*copy=*/true).requires_grad_();
    const Tensor cpu_targets = task.targets(labels);
    const Tensor gpu_targets = task.targets(labels.to(tested_device()));
    EXPECT_TRUE(at::equal(gpu_targets.cpu(), cpu_targets)) << what;
    const Tensor cpu_value = task.loss(cpu, labels);
    const Tensor gpu_value = task.loss(gpu, labels.to(tested_device()));
    expect_near(gpu_value, cpu_value, 1e-6, what);
    cpu_value.backward();
    gpu_value.backward();
    expect_near(gpu.grad(), cpu.grad(), 1e-6, what + ": gradient");
    expect_near(task.probabilities(gpu), task.probabilities(cpu), 1e-6, what + ": probabilities");
  }
  for (const auto& type : loss_section().types) EXPECT_TRUE(compared.contains(type.name)) << type.name;
}

Evaluation measured(const std::string& model_yaml, const std::string& loss_yaml, int64_t classes,
                    torch::Device device) {
  const ExampleShape shape{1, 12, 12, classes};
  const Part data = made_up(shape, 600);
  torch::manual_seed(4);
  const auto model = make_model(resolved(model_section(), model_yaml), {1, 12, 12}, classes);
  place(*model, device);
  const Classification task = classification(loss_yaml, model->output(), classes);
  const Loader loader(data, same_in_all(1), device, model->convolutional());
  return evaluate(*model, task, loader, "the test data");
}

TEST_F(CudaEvaluate, CountsWhatTheCpuCounts) {
  const WholeFloat32 whole;
  for (const auto& [model, loss, classes] :
       {std::tuple("{type: mlp, hidden: [20, 20], activation: tanh}", "cross_entropy", int64_t{5}),
        std::tuple("{type: binary_classifier, hidden: 20}", "bce", int64_t{2}),
        std::tuple("simple_cnn", "nll", int64_t{5})}) {
    const Evaluation gpu = measured(model, loss, classes, tested_device());
    const Evaluation cpu = measured(model, loss, classes, torch::kCPU);
    EXPECT_NEAR(gpu.loss, cpu.loss, 1e-5 * cpu.loss) << model;
    EXPECT_EQ(gpu.scores->to_json()["confusion"], cpu.scores->to_json()["confusion"]) << model;
  }
}

TEST_F(CudaEvaluate, WithTf32ConvolutionsAreCloseToTheCpus) {
  const double gpu = measured("simple_cnn", "nll", 5, tested_device()).loss;
  const double cpu = measured("simple_cnn", "nll", 5, torch::kCPU).loss;
  EXPECT_NEAR(gpu, cpu, kTf32 * cpu);
}

// A failed assertion of the loss would end the process's use of the GPU.
TEST_F(CudaEvaluate, SurvivesAnOutputThatIsNan) {
  const Part data = made_up({1, 1, 4, 2}, 8);
  const auto model =
      make_model(resolved(model_section(), "{type: binary_classifier, hidden: 4}"), {1, 1, 4}, 2);
  {
    const torch::NoGradGuard no_grad;
    model->parameters()[0].fill_(std::numeric_limits<float>::quiet_NaN());
  }
  place(*model, tested_device());
  const Classification task = classification("bce", model->output(), 2);
  const Loader loader(data, same_in_all(1), tested_device(), false);
  EXPECT_THROW(evaluate(*model, task, loader, "the test data"), Error);
  EXPECT_EQ((torch::ones({2}).to(tested_device()) + 1).sum().item<float>(), 4);
}

}  // namespace
}  // namespace actlab::test
