#include "cli/run_here.h"

namespace actlab::test {
namespace {

TEST(ConfigCommand, FiveMistakesAreListedWithTheirLines) {
  const TemporaryFolder folder;
  put_text(folder / "bad.yaml",
           "sed: 1\n"
           "data: {type: synthetic, classes: many}\n"
           "model: {type: mlp, activation: rleu}\n"
           "loss: cross_entropi\n"
           "optimizer: {type: adam, lr: -1}\n");
  const Outcome outcome = run_here({"config", "check", folder / "bad.yaml", "--json"});
  EXPECT_EQ(outcome.status, 2);
  const auto errors = outcome.json()["errors"];
  ASSERT_EQ(errors.size(), 5U) << outcome.out;
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(errors[i]["line"], i + 1) << errors[i];
}

TEST(ConfigCommand, EveryConfigInTheRepositoryLoadsAndRoundTrips) {
  const TemporaryFolder folder;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ACTLAB_SOURCE_DIR "/configs")) {
    if (entry.is_directory()) continue;  // lessons
    ++files;
    const Outcome shown = run_here({"config", "show", entry.path()});
    ASSERT_EQ(shown.status, 0) << shown.err;
    put_text(folder / "again.yaml", shown.out);
    EXPECT_EQ(run_here({"config", "show", folder / "again.yaml"}).out, shown.out);
  }
  EXPECT_GE(files, 5);
}

TEST(ConfigCommand, CheckSaysWhatIsWellAndWhatIsNot) {
  const TemporaryFolder folder;
  const std::string file = small_config(folder);
  EXPECT_EQ(run_here({"config", "check", file}).out, file + ": ok\n");
  for (const char* action : {"check", "show"}) {
    const Outcome outcome = run_here({"config", action, file, "sed=1", "loss=nothing"});
    EXPECT_EQ(outcome.status, 2) << action;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.ends_with("2 mistakes in " + file + "\n")) << outcome.err;
  }
}

TEST(ConfigCommand, ChecksLessonsToo) {
  const TemporaryFolder folder;
  for (const std::string file : {"lessons/vanishing.yaml", "lessons/sigmoid_slope.yaml",
                                 "lessons/he_variance.yaml", "experiments/nielsen_gradients.yaml"}) {
    const Outcome outcome = run_here({"config", "check", ACTLAB_SOURCE_DIR "/configs/" + file});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
  }
  const std::string lesson = ACTLAB_SOURCE_DIR "/configs/lessons/he_variance.yaml";
  const Outcome mistaken =
      run_here({"config", "check", lesson, "lesson.measure.draws=0", "model.activation=rleu"});
  EXPECT_EQ(mistaken.status, 2);
  EXPECT_NE(mistaken.err.find("2 mistakes"), std::string::npos) << mistaken.err;
  const Outcome mismatch = run_here({"config", "check", lesson, "loss=bce", "--json"});
  EXPECT_EQ(mismatch.status, 2);
  EXPECT_EQ(mismatch.json()["ok"], false);
  EXPECT_NE(run_here({"config", "show", lesson}).err.find("lesson run"), std::string::npos);
}

TEST(ConfigCommand, WatchIsCheckedWithoutData) {
  const TemporaryFolder folder;
  const std::string file = small_config(folder);
  const Outcome outcome =
      run_here({"config", "check", file, "train.watch=validation_acuracy", "data.validation=0.2"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find(
                "train.watch: 'validation_acuracy' is not recorded: did you mean 'validation_accuracy'?"),
            std::string::npos)
      << outcome.err;
  EXPECT_EQ(
      run_here({"config", "check", file, "train.watch=validation_accuracy", "data.validation=0.2"}).status,
      0);
  // Written only where it is set.
  EXPECT_EQ(run_here({"config", "show", file}).out.find("watch"), std::string::npos);
}

TEST(ConfigCommand, CheckWarnsOfOptionsThatDoNothing) {
  const TemporaryFolder folder;
  const std::string file = small_config(folder);
  const std::vector<std::string> check = {"config", "check", file, "train.early_stopping={patience: 12}"};
  const Outcome text = run_here(check);
  EXPECT_EQ(text.status, 0);
  EXPECT_EQ(text.out, file + ": ok\n");
  EXPECT_NE(text.err.find("never stops a run of train.epochs=12"), std::string::npos) << text.err;
  const auto json = run_here({"config", "check", file, "optimizer.lr=0", "--json"}).json();
  EXPECT_EQ(json["ok"], true);
  ASSERT_EQ(json["warnings"].size(), 1U);
  EXPECT_NE(json["warnings"][0].get<std::string>().find("optimizer.lr=0"), std::string::npos);
}

}  // namespace
}  // namespace actlab::test
