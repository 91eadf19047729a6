#include "core/process.h"

#include <gmock/gmock.h>

#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;

TEST(Process, GivesStatusAndOutput) {
  const TemporaryFolder folder;
  const auto result = run_program({"sh", "-c", "echo out; echo err >&2; exit 7"}, folder.path());
  EXPECT_EQ(result.status, 7);
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.output, "out\nerr\n");
}

TEST(Process, RunsInTheFolder) {
  const TemporaryFolder folder;
  EXPECT_TRUE(run_program({"touch", "here"}, folder.path()).ok());
  EXPECT_TRUE(std::filesystem::exists(folder / "here"));
}

TEST(Process, UsesNoShell) {
  const TemporaryFolder folder;
  EXPECT_EQ(run_program({"echo", "$HOME; *", "a b"}, folder.path()).output, "$HOME; * a b\n");
}

TEST(Process, HasNothingOnItsInput) {
  const TemporaryFolder folder;
  EXPECT_EQ(run_program({"cat"}, folder.path()).output, "");
}

TEST(Process, TellsThatAProgramIsNotInstalled) {
  const TemporaryFolder folder;
  const auto result = run_program({"no-such-program-of-actlab"}, folder.path());
  EXPECT_EQ(result.status, kNoSuchProgram);
  EXPECT_THAT(result.output, HasSubstr("no-such-program-of-actlab is not installed"));
}

TEST(Process, TellsTheSignal) {
  const TemporaryFolder folder;
  EXPECT_EQ(run_program({"sh", "-c", "kill -9 $$"}, folder.path()).status, 128 + 9);
}

TEST(Process, MuchOutputIsReadButNotKept) {
  const TemporaryFolder folder;
  const auto result = run_program({"sh", "-c", "head -c 1000000 /dev/zero; echo; exit 3"}, folder.path());
  EXPECT_EQ(result.status, 3);
  EXPECT_LT(result.output.size(), 10'000U);
}

TEST(Process, TemporaryFolderIsRemovedWithItsContent) {
  std::filesystem::path path;
  {
    const actlab::TemporaryFolder folder;
    path = folder.path();
    std::filesystem::create_directories(path / "a/b");
    put_text(path / "a/b/c", "text");
    EXPECT_TRUE(std::filesystem::exists(path / "a/b/c"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace actlab::test
