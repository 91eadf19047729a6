#include "rundir/run_directory.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/test_support.h"

namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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
  EXPECT_THAT(RunDirectory::all(folder.path(), "a"), ElementsAre(folder / "a", folder / "a-2"));
  EXPECT_THAT(RunDirectory::all(folder.path(), "b"), IsEmpty());
  EXPECT_THAT(RunDirectory::all(folder / "nowhere", "a"), IsEmpty());
}

TEST(RunDirectory, NewestComparesNumbersAndLeavesOtherNamesAlone) {
  const TemporaryFolder folder;
  for (int i = 0; i < 11; ++i) RunDirectory::create(folder.path(), "a");
  EXPECT_EQ(RunDirectory::all(folder.path(), "a").back(), folder / "a-11");
  for (const char* other : {R"({"name": "a-11"})", R"({"name": 11})"}) {
    put_text(folder / "a-11/run.json", other);
    EXPECT_EQ(RunDirectory::all(folder.path(), "a").back(), folder / "a-10") << other;
  }
}

TEST(RunDirectory, KeepsGenerationsOfTheLastCheckpoint) {
  const TemporaryFolder folder;
  const RunDirectory run = RunDirectory::create(folder.path(), "a");
  fs::create_directory(run.path() / "checkpoints");
  for (int i = 1; i <= 5; ++i) {
    run.keep_generations(3);
    EXPECT_EQ(fs::exists(run.last_checkpoint()), i > 1);
    write_file_atomically(run.last_checkpoint(), std::to_string(i));
  }
  for (int generation = 0; generation < 3; ++generation)
    EXPECT_EQ(text_of(run_files::last_checkpoint(run.path(), generation)), std::to_string(5 - generation));
  EXPECT_FALSE(fs::exists(run_files::last_checkpoint(run.path(), 3)));
}

// A folder from elsewhere: what is written on in it must be its own.
TEST(RunDirectory, WritesThroughNoLinkAndWaitsForNoPipe) {
  for (const char* name : {"log.txt", "steps.csv", "diagnostics.jsonl", "checkpoints"}) {
    const TemporaryFolder folder;
    fs::create_directory(folder / "run");
    fs::create_directory(folder / "elsewhere");
    fs::create_symlink(folder / "elsewhere", folder / ("run/" + std::string(name)));
    EXPECT_THAT(error_of([&] { RunDirectory::open(folder / "run"); }), HasSubstr("is a link")) << name;
  }
  const TemporaryFolder folder;
  fs::create_directory(folder / "run");
  ASSERT_EQ(::mkfifo((folder / "run/log.txt").c_str(), 0600), 0);
  EXPECT_THAT(error_of([&] { RunDirectory::open(folder / "run"); }),
              HasSubstr("log.txt is a device or a pipe"));
}

TEST(RunDirectory, OpeningChangesNothing) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "run");
  put_text(folder / "run/summary.json", "{}");
  const auto before = fs::last_write_time(folder / "run");
  { RunDirectory::open(folder / "run"); }
  EXPECT_EQ(fs::last_write_time(folder / "run"), before);
  EXPECT_TRUE(fs::exists(folder / "run/summary.json"));
}

// It may be the run that is asked for.
TEST(RunDirectory, PassesOverNoneWhoseRecordIsDamaged) {
  const TemporaryFolder folder;
  RunDirectory::create(folder.path(), "a");
  put_text(folder / "a/run.json", "{");
  EXPECT_NE(error_of([&] { RunDirectory::all(folder.path(), "a"); }).find("run.json is damaged"),
            std::string::npos);
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

TEST(RunDirectory, KeepsWhatElseAnEpochRecords) {
  const TemporaryFolder folder;
  EpochRow more = row(1);
  more.headline = {"rmse", false, false};
  more.more = {{"validation_mae", 0.25}, {"test_loss", 0.5}};
  {
    RunDirectory run = RunDirectory::create(folder.path(), "a");
    run.add(more);
  }
  const RunDirectory run = RunDirectory::open(folder / "a");
  EXPECT_EQ(run.rows().at(0).more, more.more);
  EXPECT_EQ(run.rows()[0].headline.name, "rmse");
  EXPECT_NE(text_of(folder / "a/metrics.csv").find("seconds,validation_mae,test_loss"), std::string::npos);
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
