#include "app/training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "app/catalogue.h"
#include "app/examination.h"
#include "core/file.h"
#include "core/test_support.h"

namespace actlab::test {
namespace {

using torch::Tensor;

// What there is to say of a task that is none of classes: guess the class's number.
struct GuessTheNumber : Task {
  using Task::Task;
  Headline headline() const override { return {"distance", /*larger_is_better=*/false, /*share=*/false}; }
  Tensor targets(const Tensor& labels) const override { return labels.to(torch::kFloat32).unsqueeze(1); }
  std::unique_ptr<Scores> scores(bool) const override {
    return mean_scores("distance", [](const Tensor& output, const Tensor& labels) {
      return (output.squeeze(1) - labels).abs();
    });
  }
};

Config config_of(const std::string& text) {
  Problems problems;
  Config config = parse_config(text, "test", {}, catalogue(), problems);
  problems.throw_if_any();
  return config;
}

// Nothing else in the program knows of this task.
TEST(Task, AToyOneTrainsThroughTheWholeProgram) {
  const TemporaryFolder folder;
  app::TrainRequest request{
      .config = config_of("device: cpu\nthreads: 1\n"
                          "data: {type: synthetic, shape: [8], classes: 4, examples: 400, "
                          "test_examples: 40, validation: 40}\n"
                          "model: {type: mlp, hidden: 8, outputs: 1}\nloss: mse\n"
                          "optimizer: {type: adam, lr: 0.01}\n"
                          "train: {epochs: 5, batch_size: 20}\n"
                          "run: {name: toy, root: " +
                          folder.path().string() + "}\n"),
      .make_task = [](const Node& loss, const ModelOutput&, const auto&) {
        return std::make_shared<GuessTheNumber>(Loss(loss));
      }};
  const app::TrainResult result = app::train(request);

  const auto json = result.to_json();
  EXPECT_EQ(json["headline"]["name"], "distance");
  EXPECT_EQ(json["test_distance"], json["headline"]["value"]);
  EXPECT_FALSE(json.contains("test_accuracy"));
  ASSERT_TRUE(result.test_value);
  EXPECT_LT(*result.test_value, 1);  // of 0 to 3; always guessing the mean gives 1
  EXPECT_THAT(result.test_text, testing::StartsWith("distance 0."));

  const std::string metrics = text_of(result.run_dir / "metrics.csv");
  EXPECT_THAT(metrics, testing::HasSubstr("validation_distance"));
  EXPECT_THAT(metrics, testing::Not(testing::HasSubstr("accuracy")));
  const std::string page = text_of(*result.report);
  EXPECT_THAT(page, testing::HasSubstr("has distance 0."));
  EXPECT_THAT(page, testing::Not(testing::HasSubstr("ccuracy")));
}

// What a run and the diagnosis of its last checkpoint have to say of it.
struct Advice {
  double train_loss = std::nan("");  // where it diverged
  std::vector<std::string> names;
  std::vector<std::string> rates;  // that remedies set
};

void add_advice(Advice& advice, const nlohmann::json& verdicts) {
  const std::string key = "optimizer.lr=";
  for (const auto& verdict : verdicts) {
    advice.names.push_back(verdict["name"]);
    for (const auto& remedy : verdict["remedies"]) {
      for (const std::string override : remedy["overrides"]) {
        if (override.starts_with(key)) advice.rates.push_back(override.substr(key.size()));
      }
    }
  }
}

Advice advice_on(const std::string& loss, const std::string& optimizer, const std::string& rate) {
  const TemporaryFolder folder;
  const bool binary = loss != "cross_entropy";
  const std::string output = binary && loss == "bce_with_logits" ? ", output: logits" : "";
  app::TrainRequest request{
      .config =
          config_of("device: cpu\nthreads: 1\n"
                    "data: {type: synthetic, shape: [8], classes: 2, examples: 600, test_examples: 40}\n"
                    "model: {type: " +
                    std::string(binary ? "binary_classifier" : "mlp") + ", hidden: 16" + output +
                    "}\nloss: " + loss + "\noptimizer: {type: " + optimizer + ", lr: " + rate +
                    "}\ntrain: {epochs: 2, batch_size: 20}\n"
                    "run: {name: toy, root: " +
                    folder.path().string() + "}\n")};
  Advice advice;
  try {
    const app::TrainResult result = app::train(request);
    advice.train_loss = *result.train_loss;
    const auto diagnosis = app::examine({.file = result.last_checkpoint});
    add_advice(advice, to_json(diagnosis)["verdicts"]);
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), ExitStatus::kDiverged) << e.what();
  }
  add_advice(advice, nlohmann::json::parse(text_of(folder / "toy/verdicts.json")));
  return advice;
}

TEST(RateAdviceSlow, NeverLeadsAwayFromARateThatTrains) {
  using Rates = std::vector<std::string>;
  const std::map<std::string, Rates> too_large = {{"sgd", {"10", "100", "1000"}}, {"adam", {"0.1", "1"}}};
  const std::map<std::string, Rates> too_small = {{"sgd", {"0.000001", "0.0001"}}, {"adam", {"0.0000001"}}};
  for (const std::string loss : {"bce", "mse", "cross_entropy", "bce_with_logits"}) {
    const double chance = loss == "mse" ? 0.25 : std::log(2);
    for (const bool large : {true, false}) {
      for (const auto& [optimizer, rates] : large ? too_large : too_small) {
        for (const auto& rate : rates) {
          const Advice advice = advice_on(loss, optimizer, rate);
          const std::string what = loss + " " + optimizer + " " + rate;
          for (const auto& advised : advice.rates) {
            const double ratio = std::atof(advised.c_str()) / std::atof(rate.c_str());
            EXPECT_TRUE(large ? ratio < 1 : ratio > 1) << what << ": " << advised;
            EXPECT_EQ(advised.find('e'), std::string::npos) << what << ": " << advised;
          }
          if (large && !(advice.train_loss < chance)) {
            EXPECT_THAT(advice.names, testing::Contains(testing::AnyOf("updates_too_large", "not_finite")))
                << what;
            EXPECT_THAT(advice.rates, testing::Not(testing::IsEmpty())) << what;
          }
          if (!large && advice.train_loss > 0.95 * chance) {
            EXPECT_THAT(advice.names, testing::Contains("updates_too_small")) << what;
            EXPECT_THAT(advice.rates, testing::Not(testing::IsEmpty())) << what;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace actlab::test
