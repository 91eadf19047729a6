#include "rundir/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include <cmath>

#include "core/test_support.h"
#include "rundir/comparison.h"

namespace actlab::test {
namespace {

using namespace report;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

TEST(Tolerant, AHalfWrittenLastLineIsNoDamage) {
  const TemporaryFolder folder;
  put_text(folder / "a.jsonl", "{\"epoch\":1}\n{\"epoch\":2,\"tr");
  put_text(folder / "steps.csv", "step,loss,learning_rate\n1,2.5,0.1\n2,2.");
  Warnings warnings;
  EXPECT_THAT(read_json_lines(folder / "a.jsonl", warnings), SizeIs(1));
  const Columns steps = read_csv(folder / "steps.csv", "step", warnings);
  EXPECT_THAT(steps["loss"], ElementsAre(2.5)) << "2. may have been going to be 2.4";
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(Tolerant, DamageElsewhereIsNamed) {
  const TemporaryFolder folder;
  put_text(folder / "a.jsonl", "{\"epoch\":1}\n{\"epoch\":\n{\"epoch\":3}\n");
  put_text(folder / "steps.csv", "step,loss\n1,2\n2\n3,4,5\nx,1\n4,nonsense\n");
  put_text(folder / "no.csv", "nothing,here\n1,2\n");
  put_text(folder / "a.json", "{\"a\": [1, 2");
  Warnings warnings;
  EXPECT_THAT(read_json_lines(folder / "a.jsonl", warnings), SizeIs(2));
  const Columns steps = read_csv(folder / "steps.csv", "step", warnings);
  EXPECT_THAT(steps["step"], ElementsAre(1, 4));
  EXPECT_TRUE(std::isnan(steps["loss"][1]));
  EXPECT_EQ(read_csv(folder / "no.csv", "step", warnings).rows, 0U);
  EXPECT_TRUE(read_json(folder / "a.json", warnings).is_null());
  ASSERT_THAT(warnings, SizeIs(4));
  EXPECT_THAT(warnings[0], HasSubstr("line 2"));
  EXPECT_THAT(warnings[1], HasSubstr("line 3 and 2 more"));
  EXPECT_THAT(warnings[2], HasSubstr("'step'"));
  EXPECT_THAT(warnings[3], HasSubstr("a.json"));
}

TEST(Tolerant, WhatAResumedRunWroteAgainCountsOnce) {
  const TemporaryFolder folder;
  put_text(folder / "steps.csv", "step,loss\n1,1\n2,2\n3,3\n2,20\n3,30\n4,40\n");
  Warnings warnings;
  EXPECT_THAT(read_csv(folder / "steps.csv", "step", warnings)["loss"], ElementsAre(1, 20, 30, 40));
}

TEST(Tolerant, DeepNestingAndStrangeFilesDoNoHarm) {
  const TemporaryFolder folder;
  put_text(folder / "deep.json", std::string(200000, '[') + std::string(200000, ']'));
  put_text(folder / "empty.json", "");
  std::filesystem::create_directory(folder / "folder.json");
  Warnings warnings;
  read_json(folder / "deep.json", warnings);
  EXPECT_TRUE(read_json(folder / "missing.json", warnings).is_null());
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_TRUE(read_json(folder / "empty.json", warnings).is_null());
  EXPECT_TRUE(read_json(folder / "folder.json", warnings).is_null());
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("empty.json"), HasSubstr("folder.json")));
}

// Missing is what is not there, and nothing else.
TEST(Tolerant, WhatCannotBeLookedAtIsNamed) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("loop.json", folder / "loop.json");
  Warnings warnings;
  EXPECT_TRUE(read_json(folder / "loop.json", warnings).is_null());
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("loop.json")));
}

TEST(Tolerant, ColumnsMayComeLateAndHoldNull) {
  const Columns columns =
      to_columns({Json::parse(R"({"epoch": 1})"), Json::parse(R"({"epoch": 2, "loss": 3, "x": "text"})"),
                  Json::parse(R"({"epoch": 3, "loss": null})"), Json::parse(R"({"loss": 1})")},
                 "epoch");
  EXPECT_EQ(columns.rows, 3U);
  ASSERT_THAT(columns["loss"], SizeIs(3));
  EXPECT_TRUE(std::isnan(columns["loss"][0]));
  EXPECT_EQ(columns["loss"][1], 3);
  EXPECT_THAT(columns["x"], IsEmpty());
  EXPECT_FALSE(columns.has("nothing"));
}

TEST(History, SettingsAreTheScalarsOfTheYaml) {
  const auto settings = settings_of(
      "seed: 1\nmodel:\n  type: mlp\n  activation: {type: elu, alpha: 1}\n  init:\n    type: a\ntrain:\n  "
      "epochs: 3\n");
  EXPECT_THAT(settings, ElementsAre(Pair("seed", "1"), Pair("model.type", "mlp"),
                                    Pair("model.activation", "{type: elu, alpha: 1}"),
                                    Pair("model.init.type", "a"), Pair("train.epochs", "3")));
}

TEST(History, AnEmptyFolderIsNoRunAndReadsAsNothing) {
  const TemporaryFolder folder;
  EXPECT_FALSE(is_run(folder.path()));
  const auto run = read_run(folder.path());
  EXPECT_FALSE(run.finished());
  EXPECT_FALSE(run.evaluation);
  EXPECT_TRUE(std::isnan(run.planned_epochs()));
  EXPECT_THAT(run.warnings, IsEmpty());
}

TEST(History, ValuesOfAnotherTypeAreLeftOut) {
  const TemporaryFolder folder;
  put_text(folder / "config.yaml", "train:\n  epochs: many\n");
  put_text(folder / "run.json", "[1, 2]");
  put_text(folder / "summary.json", "\"text\"");
  put_text(folder / "metrics.jsonl", "[]\n{\"epoch\": \"one\"}\n{\"epoch\": 1, \"train_loss\": \"x\"}\n");
  put_text(folder / "diagnostics.jsonl",
           "{\"epoch\": 1, \"layers\": 5}\n{\"epoch\": 2, \"layers\": [3, {\"layer\": 7, \"dead\": "
           "\"x\", \"learned\": [], \"dead_units\": \"no\"}]}\n");
  put_text(folder / "verdicts.json",
           R"([1, {"name": [], "layers": {}, "remedies": [5, {"overrides": "x"}]}])");
  put_text(folder / "evaluation.json",
           R"({"confusion": [[1, 2], [3]], "classes": ["a", "b"], "roc": [1, {"points": [[1]]}],
      "mistakes": [1, {"shape": [1, 1e9, 1e9], "pixels": "AAAA"}, {"shape": [1, -1, 2], "pixels": 7}]})");
  put_text(folder / "activations.json", R"({"name": "relu"})");
  const auto run = read_run(folder.path());
  EXPECT_FALSE(run.finished());
  EXPECT_EQ(run.epochs.rows, 1U);
  ASSERT_THAT(run.examinations, SizeIs(1));
  EXPECT_THAT(run.examinations[0].layers, SizeIs(1));
  ASSERT_TRUE(run.evaluation);
  EXPECT_THAT(run.evaluation->confusion, IsEmpty());
  EXPECT_THAT(run.evaluation->mistakes, SizeIs(2));
  EXPECT_THAT(run.evaluation->mistakes[0].pixels, IsEmpty());
  EXPECT_THAT(run.warnings, ElementsAre(HasSubstr("metrics.jsonl: line 1")));
}

TEST(History, ExaminationsWithinAnEpochAreToldApartByTheirSteps) {
  const TemporaryFolder folder;
  const std::string layers = R"("layers": [{"layer": "act1", "dead": 0.5}]})";
  put_text(folder / "diagnostics.jsonl", R"({"epoch": 0, "step": 0, )" + layers + "\n" +
                                             R"({"epoch": 0, "step": 5, )" + layers + "\n" +
                                             R"({"epoch": 1, "step": 10, )" + layers + "\n" +
                                             R"({"epoch": 1, "step": 10, )" + layers + "\n");
  const auto run = read_run(folder.path());
  ASSERT_THAT(run.examinations, SizeIs(3));
  EXPECT_STREQ(run.time_unit(), "step");
  EXPECT_EQ(run.time_of(run.examinations[1]), 5);
}

TEST(History, ADivergedRunSaysWhy) {
  const TemporaryFolder folder;
  put_text(folder / "diverged.txt", "training diverged at step 3: the loss");
  EXPECT_THAT(read_run(folder.path()).divergence, HasSubstr("step 3"));
}

TEST(History, PicturesNeedAllTheirPixels) {
  const TemporaryFolder folder;
  put_text(folder / "evaluation.json", R"({"mistakes": [{"shape": [1, 2, 2], "pixels": "AAECAw=="},
      {"shape": [1, 2, 2], "pixels": "AAEC"}, {"shape": [2, 2], "pixels": "AAECAw=="}, {"shape": [1, 2, 2], "pixels": "?AECAw=="}]})");
  const auto run = read_run(folder.path());
  const auto& mistakes = run.evaluation->mistakes;
  EXPECT_THAT(mistakes[0].pixels, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(mistakes[1].pixels, IsEmpty());
  EXPECT_THAT(mistakes[2].pixels, SizeIs(4));
  EXPECT_THAT(mistakes[3].pixels, IsEmpty());
}

TEST(History, ALockedFolderIsBeingTrained) {
  const TemporaryFolder folder;
  EXPECT_FALSE(is_training(folder.path()));
  const int descriptor = ::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(descriptor, LOCK_EX), 0);
  EXPECT_TRUE(is_training(folder.path()));
  ::close(descriptor);
  EXPECT_FALSE(is_training(folder.path()));
}

TEST(History, AMovedComparisonFindsItsRuns) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "relu-1");
  put_text(folder / "relu-1/config.yaml", "seed: 1\n");
  put_text(folder / "compare.json",
           R"({"baseline": "relu", "rows": [{"activation": "relu", "p_holm": null, "test_accuracy":
      {"mean": 0.9, "sd": 0.1, "ci95": [0.8, 1]}, "runs": [{"seed": 1, "run": "/gone/relu-1"}, {"seed": 2, "run_dir": "/gone/x"}]}]})");
  const auto comparison = read_comparison(folder.path());
  ASSERT_THAT(comparison.rows, SizeIs(1));
  EXPECT_EQ(*comparison.rows[0].score.low, 0.8);
  EXPECT_TRUE(std::isnan(comparison.rows[0].p_holm));
  EXPECT_FALSE(comparison.rows[0].difference.low);
  EXPECT_EQ(comparison.rows[0].runs[0].path, folder / "relu-1");
  EXPECT_TRUE(comparison.rows[0].runs[1].path.empty());
}

}  // namespace
}  // namespace actlab::test
