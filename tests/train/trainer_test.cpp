#include "train/trainer.h"

#include <gmock/gmock.h>
#include <torch/utils.h>

#include <map>

#include "app/catalogue.h"
#include "core/test_support.h"
#include "data/registry.h"
#include "train/finite.h"
#include "train/model_state.h"

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
    model = new_model(config, data.train.shape());
  }
  Trainer trainer() {
    const auto task = make_task(config.loss, model->output(), data.class_names);
    return {config, data, model, task, torch::kCPU};
  }
  Config config;
  DataParts data;
  std::shared_ptr<Model> model;
};

// Keeps what it is told.
struct Recorder : Journal {
  void step(const StepRecord& record, const TrainState&) override { steps.push_back(record); }
  void epoch(const EpochRow& row, bool) override { rows.push_back(row); }
  void save(const Checkpoint& checkpoint, Saved as) override { saved[as] = checkpoint; }
  void end() override { ++ends; }

  std::vector<StepRecord> steps;
  std::vector<EpochRow> rows;
  std::map<Saved, Checkpoint> saved;
  int ends = 0;
};

int never() {
  return 0;
}

TEST(Trainer, CountsStepsAndEpochsAndTellsOfThem) {
  Bench bench;
  Trainer trainer = bench.trainer();
  Recorder told;
  EXPECT_EQ(trainer.run(told, never), 0);
  EXPECT_EQ(trainer.state().step, 10);  // 90 examples in batches of 20, the last one of 10
  EXPECT_EQ(trainer.state().epoch, 2);
  EXPECT_TRUE(trainer.finished());
  ASSERT_EQ(told.steps.size(), 10U);
  EXPECT_EQ(told.steps.front().step, 1);
  EXPECT_EQ(told.rows.size(), 2U);
  EXPECT_EQ(told.saved.size(), 2U);
  EXPECT_EQ(told.ends, 1);
  EXPECT_EQ(trainer.test().examples, 30);
}

TEST(Trainer, StopsWithWhatItWasAskedForAndSaves) {
  Bench bench;
  Trainer trainer = bench.trainer();
  Recorder told;
  EXPECT_EQ(trainer.run(told, [&] { return trainer.state().step == 3 ? 15 : 0; }), 15);
  EXPECT_EQ(trainer.state().step, 3);
  EXPECT_EQ(told.steps.size(), 3U);
  EXPECT_TRUE(told.saved.contains(Saved::kLast));
  EXPECT_EQ(told.ends, 1);
}

// run_steps promises the steps that run takes.
TEST(Trainer, RunStepsTakesTheStepsOfRun) {
  Bench bench;
  Bench again;
  Trainer trainer = bench.trainer();
  Recorder told;
  trainer.run(told, never);
  std::vector<double> losses;
  for (const auto& step : told.steps) losses.push_back(step.loss);
  EXPECT_EQ(again.trainer().run_steps(10), losses);
}

TEST(Trainer, TheLearnedSlopeIsExemptFromWeightDecayAndStillLearns) {
  Bench bench("optimizer: {type: sgd, lr: 0, weight_decay: 1}\n");
  Trainer trainer = bench.trainer();
  const auto slope = bench.model->named_parameters()["act1.weight"];
  trainer.run_steps(10);
  EXPECT_EQ(slope.item<float>(), 0.25F);
  EXPECT_NE(slope.grad().item<float>(), 0);
}

TEST(Trainer, ABadGradientIsNamedBeforeAnythingIsSaved) {
  Bench bench;
  bench.model->named_parameters()["fc2.bias"].register_hook(
      [](const torch::Tensor& gradient) { return gradient * std::numeric_limits<float>::infinity(); });
  Trainer trainer = bench.trainer();
  Recorder told;
  const std::string message = error_of([&] { trainer.run(told, never); }, ExitStatus::kDiverged);
  EXPECT_THAT(message, testing::HasSubstr("the gradient of fc2.bias"));
  EXPECT_THAT(message, testing::HasSubstr("step 1 "));
  EXPECT_TRUE(told.saved.empty());
  EXPECT_EQ(told.ends, 1);
}

TEST(Trainer, ABadWeightShowsInTheOutput) {
  Bench poisoned;
  {
    torch::NoGradGuard no_grad;
    poisoned.model->named_parameters()["fc1.weight"][0][0] = std::numeric_limits<float>::quiet_NaN();
  }
  Trainer trainer = poisoned.trainer();
  EXPECT_THAT(error_of([&] { trainer.run_steps(1); }, ExitStatus::kDiverged),
              testing::HasSubstr("the model's output"));
}

TEST(Trainer, ClippingBoundsTheUpdate) {
  Bench bench("optimizer: {type: sgd, lr: 1}\nschedule: constant\n");
  bench.config.train.clip.norm = 1e-3;
  const auto before = bench.model->named_parameters()["fc1.weight"].detach().clone();
  bench.trainer().run_steps(5);
  const double moved =
      (bench.model->named_parameters()["fc1.weight"].detach() - before).norm().item<double>();
  EXPECT_GT(moved, 0);
  EXPECT_LE(moved, 5 * 1e-3 + 1e-6);
}

TEST(Trainer, ClippingByValueBoundsEveryElementsUpdate) {
  Bench bench("optimizer: {type: sgd, lr: 1}\nschedule: constant\n");
  bench.config.train.clip.value = 1e-3;
  const auto before = bench.model->named_parameters()["fc1.weight"].detach().clone();
  bench.trainer().run_steps(1);
  const auto moved = (bench.model->named_parameters()["fc1.weight"].detach() - before).abs();
  EXPECT_NEAR(moved.max().item<double>(), 1e-3, 1e-7);
}

TEST(Trainer, WithoutValidationDataHeldOutAreTrainingExamples) {
  Bench bench;
  EXPECT_EQ(bench.trainer().held_out().examples, 90);
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
