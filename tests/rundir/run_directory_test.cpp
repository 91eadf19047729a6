#include "rundir/run_directory.h"

#include "core/test_support.h"

namespace actlab::test {
namespace {

EpochRow row(int64_t epoch) {
  EpochRow row;
  row.epoch = epoch;
  row.step = epoch * 10;
  row.train_loss = 1.0 / static_cast<double>(epoch);
  row.validation_loss = 0.5;
  row.validation_headline = 0.9;
  return row;
}

TEST(RunDirectory, IsNeverReused) {
  const TemporaryFolder folder;
  EXPECT_EQ(RunDirectory::create(folder.path(), "a").path(), folder / "a");
  EXPECT_EQ(RunDirectory::create(folder.path(), "a").path(), folder / "a-2");
  EXPECT_EQ(*RunDirectory::newest(folder.path(), "a"), folder / "a-2");
  EXPECT_FALSE(RunDirectory::newest(folder.path(), "b"));
  EXPECT_FALSE(RunDirectory::newest(folder / "nowhere", "a"));
}

TEST(RunDirectory, NewestComparesNumbersAndLeavesOtherNamesAlone) {
  const TemporaryFolder folder;
  for (int i = 0; i < 11; ++i) RunDirectory::create(folder.path(), "a");
  EXPECT_EQ(*RunDirectory::newest(folder.path(), "a"), folder / "a-11");
  put_text(folder / "a-11/run.json", R"({"name": "a-11"})");
  EXPECT_EQ(*RunDirectory::newest(folder.path(), "a"), folder / "a-10");
}

TEST(RunDirectory, KeepsRowsOverReopeningAndForgetsLaterEpochs) {
  const TemporaryFolder folder;
  {
    RunDirectory run = RunDirectory::create(folder.path(), "a");
    for (int64_t epoch = 1; epoch <= 3; ++epoch) run.add(row(epoch));
  }
  RunDirectory run = RunDirectory::open(folder / "a");
  ASSERT_EQ(run.rows().size(), 3U);
  EXPECT_EQ(run.rows()[2].train_loss, 1.0 / 3);
  run.keep_epochs(1);
  const std::string csv = text_of(folder / "a/metrics.csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 2);
  EXPECT_EQ(csv.substr(0, 10), "epoch,step");
}

TEST(RunDirectory, OneProcessAtATimeWritesInIt) {
  const TemporaryFolder folder;
  const RunDirectory run = RunDirectory::create(folder.path(), "a");
  EXPECT_NE(error_of([&] { RunDirectory::open(folder / "a"); }).find("in use"), std::string::npos);
}

TEST(RunDirectory, SaysWhyItCannotBeMade) {
  const TemporaryFolder folder;
  put_text(folder / "file", "");
  EXPECT_NE(error_of([&] { RunDirectory::create(folder / "file", "a"); }).find("file"), std::string::npos);
}

TEST(RunDirectory, ADamagedRowIsNamed) {
  const TemporaryFolder folder;
  { RunDirectory::create(folder.path(), "a").add(row(1)); }
  put_text(folder / "a/metrics.jsonl", text_of(folder / "a/metrics.jsonl") + "{\"epoch\":");
  EXPECT_NE(error_of([&] { RunDirectory::open(folder / "a"); }).find("line 2"), std::string::npos);
}

}  // namespace
}  // namespace actlab::test
