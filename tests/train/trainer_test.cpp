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
  explicit Bench(const std::string& more = "", const std::vector<std::string>& overrides = {}) {
    Problems problems;
    config = parse_checked_config(
        "device: cpu\nthreads: 1\ndata: {type: synthetic, shape: [8], classes: 3, examples: 90, "
        "test_examples: 30}\n"
        "model: {type: mlp, hidden: 4, activation: prelu}\nloss: cross_entropy\ntrain: {epochs: 2, "
        "batch_size: 20}\n" +
            more,
        "test", overrides, problems);
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

// Which epoch each figure calls the best, beside what the epochs say.
TEST(Trainer, TheBestEpochIsThatOfTheWatchedFigure) {
  const std::string noisy = "optimizer: {type: sgd, lr: 1.5}\n";
  for (const std::string figure : {"validation_accuracy", "validation_loss", "validation_f1", "train_loss"}) {
    Bench bench(noisy, {"data.validation=20", "train.epochs=6", "train.watch=" + figure});
    Trainer trainer = bench.trainer();
    Recorder recorder;
    trainer.run(recorder, never);
    const auto values = trainer.state().watched_figure;
    ASSERT_EQ(values.size(), 6U) << figure;
    const bool up = figure != "validation_loss" && figure != "train_loss";
    const auto best = up ? std::ranges::max_element(values) : std::ranges::min_element(values);
    EXPECT_EQ(trainer.state().best_epoch, best - values.begin() + 1) << figure;
    const TrainState saved = TrainState::from_json(recorder.saved.at(Saved::kBest).state, "best");
    EXPECT_EQ(saved.epoch, trainer.state().best_epoch) << figure;
    if (figure == "validation_accuracy") {
      EXPECT_EQ(values[0], recorder.rows[0].validation_headline);
    }
    if (figure == "validation_f1") {
      EXPECT_EQ(recorder.rows[0].more.at(0).first, figure);
    }
  }
}

TEST(Trainer, StopsEarlyByTheWatchedFigure) {
  Bench bench("optimizer: {type: sgd, lr: 1e-6}\n",
              {"data.validation=20", "train.epochs=9", "train.watch=validation_accuracy",
               "train.early_stopping.patience=2"});
  Trainer trainer = bench.trainer();
  Recorder recorder;
  trainer.run(recorder, never);
  EXPECT_EQ(trainer.state().epoch, 3);  // the accuracy stands still, while the loss falls
  EXPECT_LT(trainer.state().watched[2], trainer.state().watched[0]);
}

TEST(Trainer, TestFiguresOfEveryEpochAreRecordedOnRequestAndChangeNothing) {
  Bench plain, asked("", {"train.test_every_epoch=true"});
  Recorder without, with;
  Trainer one = plain.trainer();
  Trainer other = asked.trainer();
  one.run(without, never);
  other.run(with, never);
  EXPECT_TRUE(without.rows[0].more.empty());
  ASSERT_EQ(with.rows[1].more.size(), 2U);
  EXPECT_EQ(with.rows[1].more[0], std::pair(std::string("test_loss"), other.test().loss));
  EXPECT_EQ(with.rows[1].more[1], std::pair(std::string("test_accuracy"), other.test().value));
  const auto& a = without.saved.at(Saved::kLast).tensors;
  const auto& b = with.saved.at(Saved::kLast).tensors;
  for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i].second.equal(b[i].second)) << a[i].first;
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
