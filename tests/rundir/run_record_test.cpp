#include "rundir/run_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::DoubleNear;
using testing::Optional;

TEST(RunRecord, TellsWhatTheRunDirectoryHolds) {
  const TemporaryFolder run;
  put_text(run / "summary.json", R"({"test_accuracy": 0.97, "test_loss": 0.1, "epochs": 3})");
  put_text(
      run / "metrics.jsonl",
      "{\"epoch\": 1, \"seconds\": 9}\n{\"epoch\": 2, \"seconds\": 1.5}\n{\"epoch\": 3, \"seconds\": 1}\n");
  put_text(run / "diagnostics.jsonl",
           "{\"epoch\": 0, \"layers\": [{\"dead\": 0.9, \"saturated\": 0.9}]}\n"
           "{\"epoch\": 3, \"layers\": [{\"dead\": 0.1, \"saturated\": null}, {\"dead\": 0.3, \"off\": 0.6}, "
           "{}]}\n");
  const RunRecord record = actlab::read_run(run.path());
  EXPECT_TRUE(record.finished && record.ended());
  EXPECT_THAT(record.test_value, Optional(0.97));
  EXPECT_THAT(record.test_loss, Optional(0.1));
  EXPECT_EQ(record.epochs, 3);
  EXPECT_THAT(record.seconds_per_epoch, Optional(1.5));
  EXPECT_THAT(record.dead, Optional(DoubleNear(0.2, 1e-15)));
  EXPECT_FALSE(record.saturated);
  EXPECT_THAT(record.off, Optional(0.6));
}

TEST(RunRecord, NothingThereTellsNothing) {
  const TemporaryFolder folder;
  const RunRecord record = actlab::read_run(folder / "nowhere");
  EXPECT_FALSE(record.ended() || record.test_value || record.seconds_per_epoch || record.dead);
}

TEST(RunRecord, DivergenceEndsARun) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "run");
  put_text(folder / "run/diverged.txt", "step 3: the loss is NaN");
  const RunRecord record = actlab::read_run(folder / "run");
  EXPECT_TRUE(record.ended());
  EXPECT_FALSE(record.finished);
  EXPECT_THAT(record.divergence, Optional(std::string("step 3: the loss is NaN")));
}

// As versions wrote it that took NaN for a figure.
TEST(RunRecord, ALossThatIsNoNumberIsADivergence) {
  const TemporaryFolder run;
  put_text(run / "summary.json", R"({"test_accuracy": 0.5, "test_loss": null})");
  EXPECT_TRUE(actlab::read_run(run.path()).divergence);
}

const std::string kGoodLine = R"({"seconds": 2, "dead": 1, "layers": [{"dead": 0.5}]})";

TEST(RunRecord, DamagedLinesAreNamed) {
  const TemporaryFolder run;
  for (const char* name : {"metrics.jsonl", "diagnostics.jsonl"}) {
    for (const std::string& bad :
         {std::string("{"), std::string("\xFF\x00", 2), std::string("[1]"), std::string(100'000, '[')}) {
      put_text(run / name, kGoodLine + "\n" + bad + "\n" + kGoodLine + "\n");
      EXPECT_NE(error_of([&] { actlab::read_run(run.path()); }).find(std::string(name) + ": line 2"),
                std::string::npos)
          << bad.substr(0, 20);
    }
    std::filesystem::remove(run / name);
  }
}

TEST(RunRecord, HalfALineAndStrangeValuesTellNothing) {
  const TemporaryFolder run;
  for (const std::string& bad : {std::string("{"), std::string("\xFF\x00", 2), std::string("[1]"),
                                 std::string("{\"layers\": 1, \"seconds\": \"x\", \"test_accuracy\": []}"),
                                 std::string(100'000, '[')}) {
    put_text(run / "summary.json", bad);
    put_text(run / "metrics.jsonl", kGoodLine + "\n" + bad);
    put_text(run / "diagnostics.jsonl", kGoodLine + "\n" + bad);
    const RunRecord record = actlab::read_run(run.path());
    EXPECT_FALSE(record.test_value) << bad.substr(0, 20);
    EXPECT_THAT(record.seconds_per_epoch, Optional(2)) << bad.substr(0, 20);
    EXPECT_THAT(record.dead, Optional(0.5)) << bad.substr(0, 20);
  }
}

}  // namespace
}  // namespace actlab::test
