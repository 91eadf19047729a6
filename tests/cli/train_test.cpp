#include <torch/cuda.h>

#include <chrono>
#include <set>
#include <sstream>

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
  const Outcome train = run_actlab(folder, {"train", config, "optimizer.lr=1e6", "schedule=constant"});
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

class Resume : public testing::Test {
 protected:
  // Bytes of the last checkpoint of a run that nothing interrupted, with the same options as resumed ones.
  std::string uninterrupted(const std::vector<std::string>& overrides = {}) {
    std::vector<std::string> arguments = {"train", config_, "run.name=straight"};
    arguments.insert(arguments.end(), overrides.begin(), overrides.end());
    EXPECT_EQ(run_actlab(folder_, arguments).status, 0);
    return last("straight");
  }
  std::string last(const std::string& run) const {
    return text_of(folder_ / "runs" / run / "checkpoints/last.safetensors");
  }

  // What its examinations found, without how long they took.
  nlohmann::json layers(const std::string& run) const {
    std::istringstream lines(text_of(folder_ / "runs" / run / "diagnostics.jsonl"));
    auto all = nlohmann::json::array();
    for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line)["layers"]);
    return all;
  }

  TemporaryFolder folder_;
  fs::path config_ = small_config(folder_);
};

TEST_F(Resume, MoreEpochsGiveTheBytesOfOneRun) {
  const std::string expected = uninterrupted();
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=2"}).status, 0);
  const Outcome resumed = run_actlab(folder_, {"train", config_, "--resume", "last", "--json"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(last("small"), expected);
  const auto rows = text_of(folder_ / "runs/small/metrics.jsonl");
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 12);
}

// What the schedule does depends on the losses so far, which are in the checkpoint.
TEST_F(Resume, APlateauIsFoundInTheSameEpoch) {
  const std::string plateau = "schedule={type: plateau, patience: 0, factor: 0.5, threshold: 0.5}";
  const std::string expected = uninterrupted({plateau});
  ASSERT_EQ(run_actlab(folder_, {"train", config_, plateau, "train.epochs=3"}).status, 0);
  const Outcome resumed = run_actlab(folder_, {"train", config_, plateau, "--resume", "last"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(last("small"), expected);
  std::set<std::string> rates;
  std::istringstream rows(text_of(folder_ / "runs/small/metrics.jsonl"));
  for (std::string row; std::getline(rows, row);)
    rates.insert(nlohmann::json::parse(row)["learning_rate"].dump());
  EXPECT_GT(rates.size(), 3U);
}

TEST_F(Resume, SigtermAtAnyTimeThenResumeGivesTheBytesOfOneRun) {
  const std::string expected = uninterrupted();
  int stops = 0;
  Outcome outcome;
  do {
    const Started training(folder_, {"train", config_, "--resume", "last"});
    training.wait_until_training();
    std::this_thread::sleep_for(std::chrono::milliseconds(37 * stops));
    training.signal(SIGTERM);
    outcome = training.wait();
    ASSERT_TRUE(outcome.status == 143 || outcome.status == 0) << outcome.status << outcome.err;
  } while (outcome.status != 0 && ++stops < 40);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_GT(stops, 0);
  EXPECT_EQ(last("small"), expected);
}

TEST_F(Resume, KillAtAnyTimeThenResumeGivesTheBytesOfOneRun) {
  const std::vector<std::string> often = {"checkpoint.every={steps: 3}"};
  const std::string expected = uninterrupted(often);
  bool done = false;
  int kills = 0;
  for (; kills < 40 && !done; ++kills) {
    const Started training(folder_, {"train", config_, often[0], "--resume", "last"});
    training.wait_until_training();
    std::this_thread::sleep_for(std::chrono::milliseconds(41 * kills));
    training.signal(SIGKILL);
    const Outcome outcome = training.wait();
    ASSERT_TRUE(outcome.status == -1 || outcome.status == 0) << outcome.err;
    done = outcome.status == 0;
  }
  ASSERT_TRUE(done);
  EXPECT_GT(kills, 1);
  EXPECT_EQ(last("small"), expected);
  EXPECT_EQ(text_of(folder_ / "runs/small/steps.csv"), text_of(folder_ / "runs/straight/steps.csv"));
  EXPECT_EQ(layers("small"), layers("straight"));
  EXPECT_FALSE(fs::exists(folder_ / "runs/small-2"));
}

TEST_F(Resume, AnyOtherDifferenceInTheConfigIsRefusedByName) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=2"}).status, 0);
  const std::string before = last("small");
  for (const auto& [change, named] :
       std::vector<std::pair<std::string, std::string>>{{"optimizer.lr=0.1", "optimizer.lr"},
                                                        {"seed=8", "seed"},
                                                        {"model.activation=relu", "model.activation"},
                                                        {"data.validation=0.3", "data.validation"},
                                                        {"train.epochs=1", "train.epochs"},
                                                        {"threads=2", "threads"}}) {
    const Outcome outcome = run_here({"train", config_, change, "--resume", "last"});
    EXPECT_EQ(outcome.status, 2) << change << outcome.err;
    EXPECT_NE(outcome.err.find(named), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(last("small"), before);
}

TEST_F(Resume, MoreEpochsAreRefusedWhereTheScheduleSpansTheRun) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=2", "schedule=cosine"}).status, 0);
  const Outcome outcome = run_here({"train", config_, "schedule=cosine", "--resume", "last"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find("cosine"), std::string::npos) << outcome.err;
}

TEST_F(Resume, ACheckpointOutsideARunStartsANewOne) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=1"}).status, 0);
  const fs::path copy = folder_ / "copy.safetensors";
  fs::copy_file(folder_ / "runs/small/checkpoints/last.safetensors", copy);
  const Outcome outcome =
      run_actlab(folder_, {"train", config_, "train.epochs=1", "--resume", copy, "--json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(fs::path(outcome.json()["run_dir"].get<std::string>()).filename(), "small-2");
}

TEST(Train, BatchNormOnABatchOfOneIsRefusedBeforeTraining) {
  const TemporaryFolder folder;
  const Outcome train = run_here({"train", small_config(folder), "data.examples=97", "data.validation=0"});
  EXPECT_EQ(train.status, 2);
  EXPECT_NE(train.err.find("train.drop_last=true"), std::string::npos) << train.err;
  EXPECT_FALSE(fs::exists(folder / "runs"));
}

TEST(Train, AConfigsNameMakesASafeRunName) {
  const TemporaryFolder folder;
  fs::rename(small_config(folder), folder / ".sp ace.yaml");
  const Outcome train = run_actlab(folder, {"train", folder / ".sp ace.yaml", "train.epochs=1", "--json"});
  ASSERT_EQ(train.status, 0) << train.err;
  EXPECT_EQ(fs::path(train.json()["run_dir"].get<std::string>()).filename(), "_.sp_ace");
}

TEST_F(Resume, ADamagedCheckpointIsRefused) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=1"}).status, 0);
  const fs::path file = folder_ / "runs/small/checkpoints/last.safetensors";
  std::string bytes = text_of(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  put_text(file, bytes);
  const Outcome outcome = run_actlab(folder_, {"train", config_, "--resume", file});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("SHA-256"), std::string::npos) << outcome.err;
}

TEST_F(Resume, ASecondProcessInTheSameRunIsRefused) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=1"}).status, 0);
  const TemporaryFolder other;
  const Started training(other, {"train", config_, "train.epochs=100000", "--resume", "last"});
  training.wait_until_training();
  const Outcome second = run_actlab(folder_, {"train", config_, "train.epochs=100000", "--resume", "last"});
  training.signal(SIGINT);
  EXPECT_EQ(training.wait().status, 130);
  EXPECT_EQ(second.status, 1);
  EXPECT_NE(second.err.find("in use"), std::string::npos) << second.err;
}

}  // namespace
}  // namespace actlab::test
