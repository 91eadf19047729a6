#include "train/step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/utils.h>

#include "models/registry.h"
#include "train/tasks.h"

namespace actlab::test {
namespace {

// A small network and its steps on made-up batches.
struct StepBench {
  explicit StepBench(bool late) {
    torch::manual_seed(1);
    model = make_model(resolved(model_section(), "{type: binary_classifier, hidden: 4}"), {1, 1, 3}, 2);
    for (const auto& item : model->named_parameters()) parameters.emplace_back(item.key(), item.value());
    optimizer = make_optimizer(resolved(optimizer_section(), "adam"), parameters, {});
    task.emplace(classification("bce", model->output(), 2));
    stepper.emplace(*model, *task, *optimizer, parameters, ClipOptions{.norm = 0.1, .value = 0.05}, late);
  }

  void step(float scale = 1) {
    const torch::Tensor inputs = torch::arange(15, torch::kFloat32).reshape({5, 1, 1, 3}) * scale;
    stepper->step({inputs, torch::arange(5) % 2}, 0.01);
  }

  std::shared_ptr<Model> model;
  std::vector<NamedTensor> parameters;
  std::unique_ptr<Optimizer> optimizer;
  std::optional<Classification> task;
  std::optional<Stepper> stepper;
};

TEST(Stepper, ReadLateItTakesTheSameSteps) {
  StepBench now(false);
  StepBench late(true);
  std::vector<double> losses;
  for (int i = 0; i < 5; ++i) {
    now.step();
    late.step();
    EXPECT_TRUE(now.stepper->due());
    for (const auto& result : now.stepper->read()) losses.push_back(result.loss);
  }
  EXPECT_FALSE(late.stepper->due());
  const auto results = late.stepper->read();
  ASSERT_EQ(results.size(), losses.size());
  for (size_t i = 0; i < losses.size(); ++i) {
    EXPECT_EQ(results[i].loss, losses[i]);
    EXPECT_EQ(results[i].examples, 5);
    EXPECT_EQ(results[i].bad, "");
  }
  for (size_t i = 0; i < now.parameters.size(); ++i) {
    EXPECT_TRUE(at::equal(now.parameters[i].second, late.parameters[i].second)) << now.parameters[i].first;
  }
  EXPECT_TRUE(late.stepper->read().empty());
}

TEST(Stepper, ReadLateItNamesTheFirstBadStep) {
  StepBench late(true);
  late.step();
  late.step(std::numeric_limits<float>::quiet_NaN());
  late.step();
  const auto results = late.stepper->read();
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].bad, "");
  EXPECT_EQ(results[1].bad, "the model's output");
}

TEST(Stepper, ABadStepIsNotTaken) {
  StepBench now(false);
  const torch::Tensor before = now.parameters[0].second.detach().clone();
  now.step(std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(now.stepper->read().at(0).bad, "the model's output");
  EXPECT_TRUE(at::equal(now.parameters[0].second, before));
}

// Finite gradients whose squares overflow: scaled to that norm they would all be 0, and no weight would move.
TEST(Stepper, ANormThatOverflowsIsNotClippedBy) {
  StepBench bench(false);
  bench.stepper.emplace(*bench.model, *bench.task, *bench.optimizer, bench.parameters, ClipOptions{.norm = 1},
                        false);
  {
    const torch::NoGradGuard no_grad;  // so that the output is the same for all
    bench.parameters[0].second.zero_();
    bench.parameters[1].second.fill_(1);
  }
  bench.step(1e20F);
  const auto results = bench.stepper->read();
  EXPECT_EQ(results.at(0).bad, kGradientNorm);
}

// Written out in step.cpp, since the library's reads the norm back.
TEST(Stepper, ClipsByTheNormAsTheLibraryDoes) {
  StepBench bench(false);
  bench.stepper.emplace(*bench.model, *bench.task, *bench.optimizer, bench.parameters,
                        ClipOptions{.norm = 0.1}, false);
  bench.step();
  std::vector<torch::Tensor> clipped;
  for (const auto& [name, parameter] : bench.parameters) clipped.push_back(parameter.grad().clone());

  StepBench other(false);
  other.stepper.emplace(*other.model, *other.task, *other.optimizer, other.parameters, ClipOptions{}, false);
  other.step();
  EXPECT_GT(torch::nn::utils::clip_grad_norm_(other.model->parameters(), 0.1), 0.1);
  for (size_t i = 0; i < clipped.size(); ++i) {
    EXPECT_TRUE(at::equal(clipped[i], other.parameters[i].second.grad())) << other.parameters[i].first;
  }
}

}  // namespace
}  // namespace actlab::test
