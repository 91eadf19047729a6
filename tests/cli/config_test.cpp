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

}  // namespace
}  // namespace actlab::test
