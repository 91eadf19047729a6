#include <gmock/gmock.h>

#include <cmath>

#include "checkpoint/checkpoint.h"
#include "cli/run_actlab.h"
#include "cuda/cuda_support.h"
#include "data/data_files.h"

// The program itself, training on the GPU.
namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// Runs of one folder, and their checkpoints.
class CudaRuns : public CudaTest {
 protected:
  // The summary of a training that must succeed.
  nlohmann::json train(const std::string& config, const std::string& device,
                       const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"train", config, "--json", "device=" + device,
                                          "run.root=" + (folder_ / "runs").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run_actlab(folder_, arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.status == 0 ? outcome.json() : nlohmann::json();
  }

  nlohmann::json evaluate(const std::string& checkpoint, const std::string& device) {
    const Outcome outcome = run_actlab(folder_, {"evaluate", checkpoint, "--json", "device=" + device});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.status == 0 ? outcome.json() : nlohmann::json();
  }

  std::string last(const std::string& run) const {
    return text_of(folder_ / "runs" / run / "checkpoints/last.safetensors");
  }

  TemporaryFolder folder_;
  std::string config_ = small_config(folder_);
  std::string device_ = tested_device_name();
};

class CudaTrain : public CudaRuns {};
class CudaResume : public CudaRuns {};
class CudaCheckpoint : public CudaRuns {};
class CudaArticle : public CudaRuns {};

// It has convolutions, batch normalisation, dropout and a learned slope.
TEST_F(CudaTrain, EqualTrainingGivesEqualBytes) {
  train(config_, device_, {"train.epochs=3", "run.name=first"});
  train(config_, device_, {"train.epochs=3", "run.name=second"});
  EXPECT_FALSE(last("first").empty());
  EXPECT_EQ(last("first"), last("second"));
}

TEST_F(CudaTrain, TheTutorialsCnnRepeatsToTheBit) {
  const std::string data = "data={type: synthetic, examples: 2000, test_examples: 100}";
  for (const char* name : {"first", "second"})
    train(kConfigs + "mnist_cnn.yaml", device_, {data, "train.epochs=2", std::string("run.name=") + name});
  EXPECT_FALSE(last("first").empty());
  EXPECT_EQ(last("first"), last("second"));
}

TEST_F(CudaTrain, DivergenceIsFoundAndNamed) {
  const Outcome outcome = run_actlab(folder_, {"train", config_, "device=" + device_, "optimizer.lr=1e6",
                                               "optimizer.momentum=0", "schedule=constant"});
  EXPECT_EQ(outcome.status, 4);
  EXPECT_THAT(outcome.err, HasSubstr("holds NaN or Inf"));
}

TEST_F(CudaTrain, AComparisonRunsThere) {
  const Outcome outcome = run_actlab(folder_, {"compare", config_, "--activations", "relu,tanh", "--seeds",
                                               "1", "--json", "device=" + device_, "train.epochs=1"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["rows"].size(), 2U);
}

TEST_F(CudaResume, TheGeneratorOfTheGpuIsKept) {
  ACTLAB_NEEDS_GPU();
  const auto summary = train(config_, device_, {"train.epochs=1"});
  const Checkpoint checkpoint = load_checkpoint(summary["last_checkpoint"].get<std::string>());
  EXPECT_TRUE(std::ranges::any_of(checkpoint.tensors,
                                  [](const auto& tensor) { return tensor.first == "random.cuda"; }));
}

TEST_F(CudaResume, MoreEpochsGiveTheBytesOfOneRun) {
  train(config_, device_, {"train.epochs=5", "run.name=straight"});
  train(config_, device_, {"train.epochs=2"});
  train(config_, device_, {"train.epochs=5", "--resume", "last"});
  EXPECT_FALSE(last("small").empty());
  EXPECT_EQ(last("small"), last("straight"));
}

TEST_F(CudaResume, StoppedInTheMiddleGivesTheBytesOfOneRun) {
  const std::vector<std::string> arguments = {"train",           config_,    "device=" + device_,
                                              "train.epochs=20", "--resume", "last"};
  train(config_, device_, {"train.epochs=20", "run.name=straight"});
  const Started training(folder_, arguments);
  const fs::path rows = folder_ / "runs/small/metrics.jsonl";
  for (int i = 0; i < 1200 && text_of(rows).empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  training.signal(SIGTERM);
  const Outcome stopped = training.wait();
  ASSERT_EQ(stopped.status, 143) << stopped.err;
  const Outcome resumed = run_actlab(folder_, arguments);
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("resuming small (epoch "));
  EXPECT_EQ(last("small"), last("straight"));
}

// Of 80 examples one may be so near to the boundary that TF32 decides; the losses are means.
TEST_F(CudaCheckpoint, IsEvaluatedOnTheOtherDeviceToTheSameFigures) {
  for (const std::string& trained_on : {device_, std::string("cpu")}) {
    const auto summary = train(config_, trained_on, {"train.epochs=3"});
    const std::string checkpoint = summary["checkpoint"];
    const auto gpu = evaluate(checkpoint, device_);
    const auto cpu = evaluate(checkpoint, "cpu");
    EXPECT_NEAR(gpu["accuracy"].get<double>(), cpu["accuracy"].get<double>(), 1.0 / 80 + 1e-9) << trained_on;
    const double loss = cpu["loss"];
    EXPECT_NEAR(gpu["loss"].get<double>(), loss, kTf32 * std::max(1.0, loss)) << trained_on;
    EXPECT_NEAR((trained_on == "cpu" ? cpu : gpu)["loss"].get<double>(), summary["test_loss"].get<double>(),
                1e-6);
  }
}

TEST_F(CudaCheckpoint, PredictsTheCpusProbabilities) {
  const auto summary = train(config_, device_, {"train.epochs=2"});
  const fs::path images = folder_ / "images.idx";
  const Bytes bytes = idx_images(10, 8, 8);
  put_text(images, std::string(bytes.begin(), bytes.end()));
  const auto predicted = [&](const std::string& device) {
    const Outcome outcome = run_actlab(
        folder_, {"predict", summary["checkpoint"], images.string(), "--json", "device=" + device});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    std::vector<double> all;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) {
      const auto example = nlohmann::json::parse(line);
      for (const double p : example["probabilities"]) all.push_back(p);
    }
    return all;
  };
  const auto gpu = predicted(device_);
  const auto cpu = predicted("cpu");
  ASSERT_EQ(cpu.size(), 40U);
  ASSERT_EQ(gpu.size(), 40U);
  for (size_t i = 0; i < cpu.size(); ++i) EXPECT_NEAR(gpu[i], cpu[i], 2 * kTf32);
}

// One epoch with the same weights at first, the same order and the same arithmetic but for rounding, which
// grows over a few hundred steps: far apart in bits, but as good. 0.01 is 2.5 standard errors of an accuracy
// of 98 % over the 2000 test examples of the limit; the paired difference scatters less.
void expect_the_same_epoch(const nlohmann::json& gpu, const nlohmann::json& cpu) {
  const double loss = cpu["train_loss"];
  EXPECT_NEAR(gpu["train_loss"].get<double>(), loss, 0.03 * loss);
  EXPECT_NEAR(gpu["test_accuracy"].get<double>(), cpu["test_accuracy"].get<double>(), 0.01);
}

// MNIST where it is, else synthetic digits of its size.
std::vector<std::string> digits(const std::string& labels) {
  const fs::path root = fs::absolute(ACTLAB_SOURCE_DIR "/data/mnist");
  const bool there =
      fs::exists(root / "train-images-idx3-ubyte") || fs::exists(root / "train-images-idx3-ubyte.gz");
  const std::string source = there ? "mnist, root: " + root.string() + ", limit: 20000"
                                   : "synthetic, examples: 20000, test_examples: 2000, noise: 0.5";
  return {"data={type: " + source + labels + "}", "train.epochs=1"};
}

TEST_F(CudaArticle, TheClassifierLearnsAsOnTheCpu) {
  const std::string config = kConfigs + "mnist_binary.yaml";
  const auto more = digits(", labels: {positive: [1, 3, 5, 7, 9]}");
  expect_the_same_epoch(train(config, device_, more), train(config, "cpu", more));
}

TEST_F(CudaArticle, SimpleCnnLearnsAsOnTheCpu) {
  const std::string config = kConfigs + "mnist_cnn.yaml";
  expect_the_same_epoch(train(config, device_, digits("")), train(config, "cpu", digits("")));
}

}  // namespace
}  // namespace actlab::test
