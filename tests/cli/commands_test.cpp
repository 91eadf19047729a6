#include <cstdlib>
#include <sstream>

#include "cli/run_here.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

class Trained : public testing::Test {
 protected:
  void SetUp() override {
    const Bytes images = idx_images(12, 8, 8);
    put_text(folder_ / "images", {images.begin(), images.end()});
    ASSERT_EQ(run_actlab(folder_, {"train", small_config(folder_), "train.epochs=1"}).status, 0);
  }
  TemporaryFolder folder_;
  std::string checkpoint_ = folder_ / "runs/small/checkpoints/best.safetensors";
};

TEST_F(Trained, PredictPrintsOneObjectALine) {
  const Outcome outcome = run_actlab(folder_, {"predict", checkpoint_, folder_ / "images", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::istringstream lines(outcome.out);
  int index = 0;
  for (std::string line; std::getline(lines, line); ++index) {
    const auto prediction = nlohmann::json::parse(line);
    EXPECT_EQ(prediction["index"], index);
    EXPECT_EQ(prediction["probabilities"].size(), 4U);
    EXPECT_EQ(prediction["output"].size(), 4U);
    EXPECT_EQ(prediction["probability"], prediction["probabilities"][prediction["class"].get<size_t>()]);
    double sum = 0;
    for (const double p : prediction["probabilities"]) sum += p;
    EXPECT_NEAR(sum, 1, 1e-5);
  }
  EXPECT_EQ(index, 12);
}

TEST_F(Trained, PredictRefusesWhatIsNoPicture) {
  put_text(folder_ / "text.png", "no picture");
  EXPECT_EQ(run_actlab(folder_, {"predict", checkpoint_, folder_ / "text.png"}).status, 3);
  EXPECT_EQ(run_actlab(folder_, {"predict", checkpoint_, folder_ / "nowhere.png"}).status, 3);
}

TEST_F(Trained, RequirementsDecideTheExitStatus) {
  EXPECT_EQ(run_actlab(folder_, {"evaluate", checkpoint_, "--require", "accuracy>=0"}).status, 0);
  const Outcome missed = run_actlab(folder_, {"evaluate", checkpoint_, "--require", "accuracy>1", "--json"});
  EXPECT_EQ(missed.status, 5);
  EXPECT_TRUE(missed.json().contains("accuracy"));
  const Outcome typo = run_actlab(folder_, {"evaluate", checkpoint_, "--require", "acuracy>=1"});
  EXPECT_EQ(typo.status, 2);
  EXPECT_NE(typo.err.find("did you mean 'accuracy'"), std::string::npos) << typo.err;
}

TEST_F(Trained, WhatTrainingFixedCannotBeOverridden) {
  for (const std::vector<std::string>& extra :
       std::vector<std::vector<std::string>>{{"model.activation=relu"},
                                             {"seed=3"},
                                             {"data.normalize=none"},
                                             {"data.limit=5", "--split", "validation"}}) {
    std::vector<std::string> arguments = {"evaluate", checkpoint_};
    arguments.insert(arguments.end(), extra.begin(), extra.end());
    EXPECT_EQ(run_here(arguments).status, 2) << extra[0];
  }
  EXPECT_EQ(run_here({"evaluate", checkpoint_, "data.limit=500"}).status, 0);
  EXPECT_EQ(run_here({"evaluate", checkpoint_, "data.labels={keep: [3, 2, 1, 0]}"}).status, 3);
  EXPECT_EQ(run_here({"evaluate", checkpoint_, "--require", "auc>=0.5"}).status, 2);
}

TEST_F(Trained, OutputThatIsLostIsAnError) {
  const std::string command =
      actlab_binary() + " evaluate '" + checkpoint_ + "' --json > /dev/full 2>/dev/null";
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 1);
}

TEST_F(Trained, EvaluateKnowsAllSplits) {
  const auto examples = [&](const std::string& split) {
    return run_actlab(folder_, {"evaluate", checkpoint_, "--split", split, "--json"}).json()["examples"];
  };
  EXPECT_EQ(examples("train"), 1920);
  EXPECT_EQ(examples("validation"), 80);
  EXPECT_EQ(examples("test"), 80);
}

TEST_F(Trained, ADamagedOrForeignCheckpointIsRefused) {
  std::string bytes = text_of(checkpoint_);
  put_text(folder_ / "short", bytes.substr(0, bytes.size() - 1));
  put_text(folder_ / "long", bytes + "x");
  bytes[bytes.size() - 3] = static_cast<char>(bytes[bytes.size() - 3] ^ 4);
  put_text(folder_ / "flipped", bytes);
  for (const char* name : {"short", "long", "flipped", "small.yaml", "nowhere"}) {
    const Outcome outcome = run_actlab(folder_, {"evaluate", folder_ / name});
    EXPECT_EQ(outcome.status, 1) << name;
    EXPECT_NE(outcome.err.find(name), std::string::npos) << outcome.err;
  }
}

TEST_F(Trained, TheCheckpointIsASafetensorsFile) {
  const std::string reader = ACTLAB_SOURCE_DIR "/tests/checkpoint/read_safetensors.py";
  EXPECT_EQ(std::system(("python3 '" + reader + "' '" + checkpoint_ + "' > /dev/null").c_str()), 0);
}

}  // namespace
}  // namespace actlab::test
