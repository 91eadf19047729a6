#include "app/training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/catalogue.h"
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

}  // namespace
}  // namespace actlab::test
