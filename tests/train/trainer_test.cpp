#include "train/trainer.h"

#include <gmock/gmock.h>

#include "cli/catalogue.h"
#include "core/test_support.h"
#include "data/registry.h"
#include "models/registry.h"
#include "train/finite.h"

namespace actlab::test {
namespace {

// A trainer on synthetic data, and what it needs to live.
struct Bench {
  explicit Bench(const std::string& more = "") {
    Problems problems;
    config = parse_checked_config(
        "device: cpu\nthreads: 1\ndata: {type: synthetic, shape: [8], classes: 3, examples: 90, "
        "test_examples: 30}\n"
        "model: {type: mlp, hidden: 4, activation: prelu}\nloss: cross_entropy\ntrain: {epochs: 2, "
        "batch_size: 20}\n" +
            more,
        "test", {}, problems);
    problems.throw_if_any();
    data = load_data(config.data, config.seed);
    model = make_model(config.model, {1, 1, 8}, 3);
  }
  Trainer trainer() { return {config, data, model, torch::kCPU}; }

  TemporaryFolder folder;
  Config config;
  DataParts data;
  std::shared_ptr<Model> model;
  StopSignals signals;
};

TEST(Trainer, CountsStepsAndEpochs) {
  Bench bench;
  Trainer trainer = bench.trainer();
  RunDirectory run = RunDirectory::create(bench.folder.path(), "run");
  EXPECT_EQ(trainer.run(run, bench.signals), 0);
  EXPECT_EQ(trainer.state().step, 10);  // 90 examples in batches of 20, the last one of 10
  EXPECT_EQ(trainer.state().epoch, 2);
  EXPECT_TRUE(trainer.finished());
  EXPECT_EQ(trainer.test(run.best_checkpoint()).metrics.examples(), 30);
}

TEST(Trainer, TheLearnedSlopeIsExemptFromWeightDecayAndStillLearns) {
  Bench bench("optimizer: {type: sgd, lr: 0, weight_decay: 1}\n");
  Trainer trainer = bench.trainer();
  const auto slope = bench.model->named_parameters()["act1.weight"];
  RunDirectory run = RunDirectory::create(bench.folder.path(), "run");
  trainer.run(run, bench.signals);
  EXPECT_EQ(slope.item<float>(), 0.25F);
  EXPECT_NE(slope.grad().item<float>(), 0);
}

TEST(Trainer, ABadGradientIsNamedBeforeAnythingIsSaved) {
  Bench bench;
  bench.model->named_parameters()["fc2.bias"].register_hook(
      [](const torch::Tensor& gradient) { return gradient * std::numeric_limits<float>::infinity(); });
  Trainer trainer = bench.trainer();
  RunDirectory run = RunDirectory::create(bench.folder.path(), "run");
  const std::string message = error_of([&] { trainer.run(run, bench.signals); }, ExitStatus::kDiverged);
  EXPECT_THAT(message, testing::HasSubstr("the gradient of fc2.bias"));
  EXPECT_THAT(message, testing::HasSubstr("step 1 "));
  EXPECT_FALSE(std::filesystem::exists(run.last_checkpoint()));
}

TEST(Trainer, ABadWeightShowsInTheOutput) {
  Bench poisoned;
  {
    torch::NoGradGuard no_grad;
    poisoned.model->named_parameters()["fc1.weight"][0][0] = std::numeric_limits<float>::quiet_NaN();
  }
  Trainer trainer = poisoned.trainer();
  RunDirectory run = RunDirectory::create(poisoned.folder.path(), "run");
  EXPECT_THAT(error_of([&] { trainer.run(run, poisoned.signals); }, ExitStatus::kDiverged),
              testing::HasSubstr("the model's output"));
}

TEST(Trainer, ClippingBoundsTheUpdate) {
  Bench bench("optimizer: {type: sgd, lr: 1}\nschedule: constant\n");
  bench.config.train.clip.norm = 1e-3;
  const auto before = bench.model->named_parameters()["fc1.weight"].detach().clone();
  bench.config.train.epochs = 1;
  Trainer trainer = bench.trainer();
  RunDirectory run = RunDirectory::create(bench.folder.path(), "run");
  trainer.run(run, bench.signals);
  const double moved =
      (bench.model->named_parameters()["fc1.weight"].detach() - before).norm().item<double>();
  EXPECT_GT(moved, 0);
  EXPECT_LE(moved, 5 * 1e-3 + 1e-6);
}

TEST(Trainer, NoFullBatchIsExplained) {
  Bench bench;
  bench.config.train.batch_size = 1000;
  bench.config.train.drop_last = true;
  EXPECT_THAT(error_of([&] { bench.trainer(); }, ExitStatus::kData), testing::HasSubstr("train.drop_last"));
}

TEST(AllFinite, FindsOneBadElementInAnyLayout) {
  for (const double bad : {NAN, INFINITY, -INFINITY}) {
    torch::Tensor image = torch::randn({2, 3, 4, 5}).contiguous(torch::MemoryFormat::ChannelsLast);
    EXPECT_TRUE(all_finite({image, image.transpose(0, 3), image.to(torch::kFloat64)}));
    image[1][2][3][4] = bad;
    EXPECT_FALSE(all_finite({image}));
    EXPECT_FALSE(all_finite({torch::ones({2}), image.to(torch::kFloat64)}));
    EXPECT_TRUE(all_finite({image.slice(3, 0, 4, 2)}));
    EXPECT_EQ(first_non_finite({{"good", torch::ones({2})}, {"bad", image}}), "bad");
  }
}

}  // namespace
}  // namespace actlab::test
