#include <torch/cuda.h>

#include "cli/run_here.h"

namespace actlab::test {
namespace {

namespace fs = std::filesystem;

TEST(Train, WritesARunDirectoryThatEvaluateAgreesWith) {
  const TemporaryFolder folder;
  const Outcome train = run_actlab(folder, {"train", small_config(folder), "--json"});
  ASSERT_EQ(train.status, 0) << train.err;
  const auto summary = train.json();
  const fs::path run = summary["run_dir"].get<std::string>();
  EXPECT_EQ(run, folder / "runs" / "small");
  for (const char* file :
       {"config.yaml", "run.json", "log.txt", "metrics.jsonl", "metrics.csv", "steps.csv",
        "diagnostics.jsonl", "verdicts.json", "evaluation.json", "activations.json", "summary.json",
        "report.html", "checkpoints/last.safetensors", "checkpoints/best.safetensors"}) {
    EXPECT_TRUE(fs::exists(run / file)) << file;
  }
  for (const char* key : {"checkpoint", "last_checkpoint", "epochs", "train_loss", "test_loss",
                          "test_accuracy", "samples_per_second", "seconds", "device", "threads"}) {
    EXPECT_TRUE(summary.contains(key)) << key;
  }
  const Outcome evaluate = run_actlab(folder, {"evaluate", summary["checkpoint"], "--json"});
  ASSERT_EQ(evaluate.status, 0) << evaluate.err;
  EXPECT_EQ(evaluate.json()["accuracy"].dump(), summary["test_accuracy"].dump());
  EXPECT_EQ(evaluate.json()["loss"].dump(), summary["test_loss"].dump());
  EXPECT_GT(summary["test_accuracy"], 0.5);
}

TEST(Train, NeverOverwritesARun) {
  const TemporaryFolder folder;
  const auto config = small_config(folder);
  for (const char* expected : {"small", "small-2", "small-3"}) {
    const Outcome train = run_actlab(folder, {"train", config, "train.epochs=1", "--json"});
    ASSERT_EQ(train.status, 0) << train.err;
    EXPECT_EQ(fs::path(train.json()["run_dir"].get<std::string>()).filename(), expected);
  }
}

TEST(Train, EqualTrainingGivesEqualBytes) {
  const TemporaryFolder folder;
  const auto config = small_config(folder);
  ASSERT_EQ(run_actlab(folder, {"train", config}).status, 0);
  ASSERT_EQ(run_actlab(folder, {"train", config}).status, 0);
  ASSERT_EQ(run_actlab(folder, {"train", config, "seed=8", "run.name=other"}).status, 0);
  const auto bytes = [&](const std::string& run) {
    return text_of(folder / "runs" / run / "checkpoints/last.safetensors");
  };
  EXPECT_EQ(bytes("small"), bytes("small-2"));
  EXPECT_NE(bytes("small"), bytes("other"));
}

TEST(Train, ExaminationsChangeNothingOfWhatIsTrained) {
  const TemporaryFolder folder;
  const auto config = small_config(folder);
  const std::vector<std::string> train = {"train", config, "train.epochs=2"};
  const auto trained = [&](const std::string& name, const std::string& diagnose) {
    auto arguments = train;
    arguments.insert(arguments.end(), {"run.name=" + name, "diagnose=" + diagnose});
    const Outcome outcome = run_actlab(folder, arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return text_of(folder / "runs" / name / "checkpoints/last.safetensors");
  };
  EXPECT_EQ(trained("never", "{examples: 0}"), trained("often", "{every: {steps: 7}, examples: 33}"));
  EXPECT_FALSE(fs::exists(folder / "runs/never/diagnostics.jsonl"));
  const auto lines = text_of(folder / "runs/often/diagnostics.jsonl");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1 + 240 / 7);
  const auto last = nlohmann::json::parse(lines.substr(lines.rfind('\n', lines.size() - 2) + 1));
  EXPECT_EQ(last["step"], 238);
  EXPECT_EQ(last["epoch"], 1);
  EXPECT_EQ(last["examples"], 33);
  EXPECT_GT(last["layers"][0]["update_ratio"], 0);
}

TEST(Train, DivergenceStopsInTheSameStepAndKeepsTheLastCheckpoint) {
  const TemporaryFolder folder;
  const auto config = small_config(folder);
  const Outcome train =
      run_actlab(folder, {"train", config, "optimizer.lr=1e6", "schedule=constant", "run.name=small"});
  EXPECT_EQ(train.status, 4) << train.err;
  EXPECT_NE(train.err.find("step"), std::string::npos) << train.err;
  EXPECT_FALSE(fs::exists(folder / "runs/small/checkpoints/best.safetensors"));
  // The steps on the way there.
  const auto steps = text_of(folder / "runs/small/steps.csv");
  EXPECT_GT(std::count(steps.begin(), steps.end(), '\n'), 1) << steps;
  EXPECT_NE(text_of(folder / "runs/small/report.html").find("diverged at step"), std::string::npos);
  EXPECT_TRUE(fs::exists(folder / "runs/small/verdicts.json"));
}

TEST(Train, AMismatchOfLossAndModelIsExplainedBeforeTraining) {
  const TemporaryFolder folder;
  const Outcome train = run_here({"train", small_config(folder), "loss=nll"});
  EXPECT_EQ(train.status, 2);
  EXPECT_NE(train.err.find("model.output=log_softmax"), std::string::npos) << train.err;
  EXPECT_FALSE(fs::exists(folder / "runs"));
}

TEST(Train, AskingForAGpuThatIsNotThereIsOneClearError) {
  if (torch::cuda::is_available()) GTEST_SKIP() << "there is one";
  const TemporaryFolder folder;
  const Outcome train = run_actlab(folder, {"train", small_config(folder), "device=cuda"});
  EXPECT_EQ(train.status, 1);
  EXPECT_NE(train.err.find("device=cpu"), std::string::npos) << train.err;
}

TEST(Train, EarlyStoppingEndsBeforeTheLastEpoch) {
  const TemporaryFolder folder;
  const Outcome train =
      run_actlab(folder, {"train", small_config(folder), "train.epochs=50", "optimizer.lr=0",
                          "train.early_stopping={patience: 2}", "--json"});
  ASSERT_EQ(train.status, 0) << train.err;
  EXPECT_LT(train.json()["epochs"], 10);
}

// Ten sigmoids with a yes or no each: everything that takes a checkpoint or a config takes them.
TEST(Train, OneSigmoidAClassIsTrainedEvaluatedDiagnosedAndCompared) {
  const TemporaryFolder folder;
  for (const std::string head :
       {"output: sigmoid, outputs: 4}\nloss: bce\n", "output: logits}\nloss: bce_with_logits\n"}) {
    put_text(folder / "yes.yaml",
             "data: {type: synthetic, shape: [12], classes: 4, examples: 400, test_examples: 100, "
             "validation: 100}\n"
             "model: {type: mlp, hidden: 20, activation: sigmoid, " +
                 head +
                 "optimizer: {type: adam, lr: 0.02}\ntrain: {epochs: 8, batch_size: 20, watch: "
                 "validation_accuracy}\n"
                 "run: {root: runs}\n");
    const std::string file = folder / "yes.yaml";
    const Outcome train = run_actlab(folder, {"train", file, "--json"});
    ASSERT_EQ(train.status, 0) << train.err;
    EXPECT_GT(train.json()["test_accuracy"], 0.9) << head;
    const std::string best = train.json()["checkpoint"];
    const Outcome evaluate = run_actlab(folder, {"evaluate", best, "--json"});
    ASSERT_EQ(evaluate.status, 0) << evaluate.err;
    EXPECT_EQ(evaluate.json()["accuracy"], train.json()["test_accuracy"]);
    EXPECT_EQ(evaluate.json()["confusion"].size(), 4U);
    const Outcome diagnose = run_actlab(folder, {"diagnose", best, "--json"});
    ASSERT_EQ(diagnose.status, 0) << diagnose.err;
    EXPECT_EQ(diagnose.json()["output"]["units"], 4);
    EXPECT_GT(diagnose.json()["output"]["mean_delta"], 0);
    const Outcome compare = run_actlab(folder, {"compare", file, "--activations", "relu,sigmoid", "--seeds",
                                                "2", "--json", "train.epochs=1"});
    ASSERT_EQ(compare.status, 0) << compare.err;
    EXPECT_EQ(compare.json()["rows"].size(), 2U);
  }
}

TEST(Train, TestFiguresOfEveryEpochAreInTheMetricsAndResumeKeepsThem) {
  const TemporaryFolder folder;
  const std::string file = small_config(folder);
  const std::vector<std::string> more = {"train.test_every_epoch=true", "train.watch=validation_f1"};
  std::vector<std::string> arguments = {"train", file, "train.epochs=1", "--json", "run.name=small"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  ASSERT_EQ(run_actlab(folder, arguments).status, 0);
  arguments[2] = "train.epochs=2";
  arguments.insert(arguments.end(), {"--resume", "last"});
  const Outcome resumed = run_actlab(folder, arguments);
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  const std::string csv = text_of(std::filesystem::path(resumed.json()["run_dir"]) / "metrics.csv");
  EXPECT_NE(csv.find("seconds,validation_f1,test_loss,test_accuracy\n"), std::string::npos) << csv;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3) << csv;
  arguments.insert(arguments.begin() + 2, "train.watch=validation_loss");
  arguments.erase(std::find(arguments.begin(), arguments.end(), more[1]));
  EXPECT_NE(run_actlab(folder, arguments).err.find("train.watch"), std::string::npos);
}

TEST(Train, BatchNormOnABatchOfOneIsRefusedBeforeTraining) {
  const TemporaryFolder folder;
  const Outcome train = run_here({"train", small_config(folder), "data.examples=97", "data.validation=0",
                                  "model.layers=[flatten, {type: linear, units: 8}, batch_norm, linear]"});
  EXPECT_EQ(train.status, 2);
  EXPECT_NE(train.err.find("train.drop_last=true"), std::string::npos) << train.err;
  EXPECT_FALSE(fs::exists(folder / "runs"));
}

// Of an image there are as many values a channel as it has pixels, as for torch.nn.BatchNorm2d.
TEST(Train, BatchNormOnImagesTakesABatchOfOne) {
  const TemporaryFolder folder;
  const Outcome train = run_actlab(
      folder, {"train", small_config(folder), "data.examples=97", "data.validation=0", "train.epochs=1"});
  EXPECT_EQ(train.status, 0) << train.err;
}

TEST(Train, WhatHasNoEffectIsToldAtTheStart) {
  const TemporaryFolder folder;
  const Outcome train = run_actlab(
      folder, {"train", small_config(folder), "data.validation=0", "train.epochs=2", "schedule.warmup=1000",
               "train.early_stopping={patience: 1}", "data.classes=[a, b, c, d]", "data.limit=3"});
  EXPECT_EQ(train.status, 0) << train.err;
  for (const char* told :
       {"watches the training loss", "the rate only rises", "step_size=2",
        "1 of 4 classes have no training example: d; data.limit=3", "an epoch is one step"}) {
    EXPECT_NE(train.err.find(told), std::string::npos) << told << "\n" << train.err;
  }
}

TEST(Train, AConfigsNameMakesASafeRunName) {
  const TemporaryFolder folder;
  fs::rename(small_config(folder), folder / ".sp ace.yaml");
  const Outcome train = run_actlab(folder, {"train", folder / ".sp ace.yaml", "train.epochs=1", "--json"});
  ASSERT_EQ(train.status, 0) << train.err;
  EXPECT_EQ(fs::path(train.json()["run_dir"].get<std::string>()).filename(), "_.sp_ace");
}

}  // namespace
}  // namespace actlab::test
