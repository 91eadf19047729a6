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

TEST_F(Trained, PredictGoesOnAfterAFileThatCannotBeRead) {
  const std::string digit = ACTLAB_SOURCE_DIR "/docs/digit.png";
  put_text(folder_ / "bad.png", "no picture");
  const Outcome json =
      run_actlab(folder_, {"predict", checkpoint_, digit, folder_ / "bad.png", digit, "--json"});
  EXPECT_EQ(json.status, 3);
  std::istringstream lines(json.out);
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(rows.size(), 3U) << json.out;
  EXPECT_TRUE(rows[0].contains("class"));
  EXPECT_EQ(rows[1]["file"], (folder_ / "bad.png").string());
  EXPECT_NE(rows[1]["error"].get<std::string>().find("bad.png"), std::string::npos);
  EXPECT_EQ(rows[2]["class"], rows[0]["class"]);
  const Outcome text = run_actlab(folder_, {"predict", checkpoint_, folder_ / "bad.png", digit});
  EXPECT_EQ(text.status, 3);
  EXPECT_EQ(std::count(text.out.begin(), text.out.end(), '\n'), 1) << text.out;
  EXPECT_NE(text.err.find("bad.png"), std::string::npos);
}

TEST_F(Trained, PredictTakesRunsFoldersAndStandardInput) {
  const std::string digit = ACTLAB_SOURCE_DIR "/docs/digit.png";
  std::filesystem::create_directory(folder_ / "pics");
  for (const char* name : {"b.png", "a.PNG"}) std::filesystem::copy_file(digit, folder_ / "pics" / name);
  put_text(folder_ / "pics/notes.txt", "");
  const Outcome all = run_actlab(folder_, {"predict", folder_ / "runs/small", folder_ / "pics"});
  ASSERT_EQ(all.status, 0) << all.err;
  EXPECT_NE(all.err.find(checkpoint_), std::string::npos) << all.err;
  const size_t a = all.out.find("a.PNG");
  EXPECT_NE(a, std::string::npos);
  EXPECT_LT(a, all.out.find("b.png"));
  EXPECT_EQ(all.out.find("notes.txt"), std::string::npos);
  EXPECT_EQ(run_actlab(folder_, {"predict", checkpoint_, folder_.path()}).status, 3);  // no pictures

  const std::string command = "cat '" + digit + "' | " + actlab_binary() + " predict '" + checkpoint_ +
                              "' - --json > '" + (folder_ / "out").string() + "' 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto piped = nlohmann::json::parse(text_of(folder_ / "out"));
  EXPECT_EQ(piped["file"], "-");
  const auto named = run_actlab(folder_, {"predict", checkpoint_, digit, "--json"}).json();
  EXPECT_EQ(piped["output"], named["output"]);
  put_text(folder_ / "label=3.png", text_of(digit));
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  EXPECT_EQ(run_here({"predict", checkpoint_, "label=3.png"}).status, 0);
  const Outcome missing = run_here({"predict", checkpoint_, "label=3.png", "label=4.png"});
  std::filesystem::current_path(before);
  EXPECT_EQ(missing.status, 2);
  EXPECT_NE(missing.err.find("nor is there a file label=4.png"), std::string::npos) << missing.err;
}

TEST_F(Trained, PredictWarnsOfPicturesTheOtherWayRound) {
  const std::string digit = ACTLAB_SOURCE_DIR "/docs/digit.png";  // ink on paper
  ASSERT_EQ(run_actlab(folder_, {"train", folder_ / "small.yaml", "train.epochs=1", "run.name=dark",
                                 "data.normalize={mean: 0.13, std: 0.3}"})
                .status,
            0);
  ASSERT_EQ(run_actlab(folder_, {"train", folder_ / "small.yaml", "train.epochs=1", "run.name=light",
                                 "data.normalize={mean: 0.87, std: 0.3}"})
                .status,
            0);
  const auto said = [&](const std::string& run, const std::string& flag) {
    return run_actlab(folder_, {"predict", folder_ / "runs" / run, digit, flag}).err;
  };
  EXPECT_NE(said("dark", "--json").find("try with --invert"), std::string::npos);
  EXPECT_EQ(said("dark", "--invert").find("warning"), std::string::npos);
  EXPECT_EQ(said("light", "--json").find("warning"), std::string::npos);
  EXPECT_NE(said("light", "--invert").find("try without --invert"), std::string::npos);
}

TEST_F(Trained, ARunDirectoryStandsForItsCheckpoint) {
  const std::string run = folder_ / "runs/small";
  for (const std::string command : {"evaluate", "diagnose"}) {
    const Outcome outcome = run_here({command, run, "--json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
  }
  EXPECT_EQ(run_here({"evaluate", run, "--json"}).json()["checkpoint"], checkpoint_);
  EXPECT_EQ(run_here({"evaluate", run + "/checkpoints", "--json"}).json()["checkpoint"], checkpoint_);
}

TEST_F(Trained, TheConfigInACheckpointIsShown) {
  const Outcome shown = run_here({"config", "show", checkpoint_, "--json"});
  ASSERT_EQ(shown.status, 0) << shown.err;
  EXPECT_EQ(shown.json()["train"]["epochs"], 1);
  EXPECT_EQ(run_here({"config", "check", checkpoint_}).status, 0);
  EXPECT_EQ(run_here({"config", "show", folder_ / "runs/small", "--json"}).json()["seed"], 7);
  const Outcome train = run_here({"train", checkpoint_});
  EXPECT_EQ(train.status, 2);
  EXPECT_NE(train.err.find("is no config but a checkpoint"), std::string::npos) << train.err;
}

TEST_F(Trained, ALinkToACheckpointGoesOnInItsRun) {
  std::filesystem::create_symlink(folder_ / "runs/small/checkpoints/last.safetensors", folder_ / "link");
  const Outcome resumed = run_actlab(
      folder_, {"train", folder_ / "small.yaml", "train.epochs=2", "--resume", folder_ / "link", "--json"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(resumed.json()["run_dir"], (folder_ / "runs/small").string());
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
