#include "core/process.h"

#include <gmock/gmock.h>

#include "core/signals.h"
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

// Whether the process is there, and no zombie that nobody has waited for.
bool runs(const std::string& pid) {
  const std::string stat = text_of("/proc/" + pid + "/stat");
  return !stat.empty() && stat.find(") Z ") == std::string::npos;
}

// What the file says once it says something.
std::string line_in(const std::filesystem::path& file) {
  for (int i = 0; i < 1000 && text_of(file).find('\n') == std::string::npos; ++i) ::usleep(10'000);
  const std::string text = text_of(file);
  return text.substr(0, text.find('\n'));
}

TEST(Process, ASignalEndsTheProgramAndTheFolder) {
  const TemporaryFolder folder;
  const pid_t waiting = start_child([&] {
    const StopSignals signals;
    const actlab::TemporaryFolder temporary;
    put_text(folder / "temporary", temporary.path().string() + "\n");
    try {
      run_program({"sh", "-c", "echo $$ > '" + (folder / "pid").string() + "'; sleep 100 & wait"},
                  temporary.path());
    } catch (const Error& e) {
      return static_cast<int>(e.status());
    }
    return 0;
  });
  const std::string pid = line_in(folder / "pid");
  ASSERT_TRUE(runs(pid));
  ::kill(waiting, SIGTERM);
  const int status = wait_for(waiting);
  EXPECT_EQ(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 143);
  EXPECT_FALSE(runs(pid));
  EXPECT_FALSE(std::filesystem::exists(line_in(folder / "temporary")));
}

TEST(Process, TemporaryFolderIsRemovedAfterASignal) {
  const TemporaryFolder folder;
  EXPECT_EQ(run_in_child([&] {
              take_stop_signals();
              const actlab::TemporaryFolder temporary;
              put_text(folder / "temporary", temporary.path().string());
              ::raise(SIGTERM);
              return 0;
            }),
            143);
  EXPECT_FALSE(text_of(folder / "temporary").empty());
  EXPECT_FALSE(std::filesystem::exists(text_of(folder / "temporary")));
}

TEST(Process, ProgramsDieWithTheProcessThatStartedThem) {
  const TemporaryFolder folder;
  const pid_t parent = start_child([&] {
    run_program({"sh", "-c", "trap '' INT TERM HUP; echo $$ > pid; while true; do sleep 0.1; done"},
                folder.path());
    return 0;
  });
  const std::string pid = line_in(folder / "pid");
  ASSERT_TRUE(runs(pid));
  ::kill(parent, SIGKILL);
  wait_for(parent);
  for (int i = 0; i < 500 && runs(pid); ++i) ::usleep(10'000);
  EXPECT_FALSE(runs(pid));
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
