#include <gmock/gmock.h>

#include "checkpoint/checkpoint.h"
#include "cli/run_actlab.h"
#include "cuda/cuda_support.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;

class CudaDevice : public CudaTest {};

TEST_F(CudaDevice, AutoTakesTheFirstGpu) {
  ACTLAB_NEEDS_GPU();
  EXPECT_EQ(choose_device("auto").str(), "cuda:0");
  EXPECT_EQ(choose_device("cuda").str(), "cuda:0");
  EXPECT_EQ(choose_device("cuda:0").str(), "cuda:0");
  EXPECT_EQ(choose_device("cpu").str(), "cpu");
  const TemporaryFolder folder;
  const Outcome train =
      run_actlab(folder, {"train", small_config(folder), "device=auto", "train.epochs=1", "--json"});
  ASSERT_EQ(train.status, 0) << train.err;
  EXPECT_EQ(train.json()["device"], "cuda:0");
}

// LibTorch reads 256 as 0.
TEST_F(CudaDevice, AGpuThatIsNotThereIsAClearError) {
  ACTLAB_NEEDS_GPU();
  for (const char* name : {"cuda:99", "cuda:128", "cuda:256"}) {
    EXPECT_FALSE(device_is_there(name));
    EXPECT_THAT(error_of([&] { choose_device(name); }), HasSubstr("GPU(s)")) << name;
  }
  const TemporaryFolder folder;
  const Outcome train = run_actlab(folder, {"train", small_config(folder), "device=cuda:99"});
  EXPECT_EQ(train.status, 1);
  EXPECT_THAT(train.err, HasSubstr("cuda:99"));
  EXPECT_FALSE(std::filesystem::exists(folder / "runs"));
}

TEST_F(CudaDevice, InfoCountsTheGpus) {
  ACTLAB_NEEDS_GPU();
  const TemporaryFolder folder;
  const auto info = run_actlab(folder, {"info", "--json"}).json();
  EXPECT_EQ(info["cuda"]["built"], true);
  EXPECT_EQ(info["cuda"]["available"], true);
  EXPECT_GE(info["cuda"]["devices"].get<int>(), 1);
}

// Half a million examples times so many units are 400 GB, which no GPU has; the weights are small.
TEST_F(CudaDevice, RunningOutOfGpuMemoryIsAClearError) {
  ACTLAB_NEEDS_GPU();
  const TemporaryFolder folder;
  const Outcome train = run_actlab(
      folder, {"train", small_config(folder), "device=cuda", "run.root=" + (folder / "runs").string(),
               "data={type: synthetic, shape: [4], classes: 2, examples: 500000, test_examples: 2}",
               "model={type: mlp, hidden: 200000}", "train={epochs: 1, batch_size: 500000}",
               "diagnose={examples: 0}"});
  EXPECT_EQ(train.status, 1);
  EXPECT_THAT(train.err, HasSubstr("out of memory"));
}

// A checkpoint of another machine's fourth GPU is evaluated here, on the CPU, and says so.
TEST_F(CudaDevice, ACheckpointOfAGpuThatIsNotHereRunsOnTheCpu) {
  const TemporaryFolder folder;
  const Outcome train = run_actlab(
      folder, {"train", small_config(folder), "device=" + tested_device_name(), "train.epochs=1", "--json"});
  ASSERT_EQ(train.status, 0) << train.err;
  Checkpoint checkpoint = load_checkpoint(train.json()["last_checkpoint"].get<std::string>());
  const std::string device = "\ndevice: ";
  const size_t place = checkpoint.config.find(device) + device.size();
  ASSERT_GT(place, device.size()) << checkpoint.config;
  checkpoint.config.replace(place, checkpoint.config.find('\n', place) - place, "cuda:77");
  const std::string copy = folder / "copy.safetensors";
  save_checkpoint(copy, checkpoint);
  const Outcome evaluated = run_actlab(folder, {"evaluate", copy, "--json"});
  EXPECT_EQ(evaluated.status, 0) << evaluated.err;
  EXPECT_THAT(evaluated.err, HasSubstr("cuda:77"));
  EXPECT_EQ(run_actlab(folder, {"evaluate", copy, "device=cuda:88"}).status, 1);
}

}  // namespace
}  // namespace actlab::test
