#include "app/trained_model.h"

#include <gmock/gmock.h>

#include "checkpoint/checkpoint.h"
#include "core/test_support.h"

namespace actlab::test {
namespace {

const std::string kTrained = ACTLAB_SOURCE_DIR "/tests/data/checkpoints/mlp.safetensors";

// The same model as if a GPU had trained it that no machine has.
std::filesystem::path trained_elsewhere(const TemporaryFolder& folder) {
  Checkpoint checkpoint = load_checkpoint(kTrained);
  const std::string here = "device: cpu";
  const size_t at = checkpoint.config.find(here);
  EXPECT_NE(at, std::string::npos);
  checkpoint.config.replace(at, here.size(), "device: cuda:63");
  checkpoint.tensors.emplace_back("random.cuda", torch::zeros({16}, torch::kUInt8));
  save_checkpoint(folder / "elsewhere.safetensors", checkpoint);
  return folder / "elsewhere.safetensors";
}

TEST(TrainedModel, OfAGpuThatIsNotHereRunsOnTheCpu) {
  const TemporaryFolder folder;
  const TrainedModel model = load_trained_model(trained_elsewhere(folder), {}, {"device"});
  EXPECT_EQ(model.device, torch::Device(torch::kCPU));
  const auto x =
      torch::zeros({2, model.state.shape.channels, model.state.shape.height, model.state.shape.width});
  EXPECT_TRUE(model.model->forward(x).equal(load_trained_model(kTrained, {}, {}).model->forward(x)));
}

TEST(TrainedModel, AGpuThatWasAskedForIsNotReplaced) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of([&] { load_trained_model(kTrained, {"device=cuda:63"}, {"device"}); }),
              testing::HasSubstr("cuda:63"));
}

TEST(TrainedModel, WhatTrainingFixedIsNotChanged) {
  for (const char* override : {"model.activation=relu", "data.normalize=none", "data.validation=0.1"}) {
    EXPECT_THAT(
        error_of([&] { load_trained_model(kTrained, {override}, {"data", "device"}); }, ExitStatus::kUsage),
        testing::HasSubstr("cannot be changed"))
        << override;
  }
}

}  // namespace
}  // namespace actlab::test
