#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/ioctl.h>

#include <cstdlib>
#include <map>
#include <sstream>

#include "cli/run_actlab.h"
#include "core/text.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// What the program writes to a terminal of so many columns, stdout and stderr together.
std::string on_terminal(const std::vector<std::string>& arguments, int columns,
                        const std::map<std::string, std::string>& variables) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  EXPECT_EQ(::grantpt(master) + ::unlockpt(master), 0);
  const winsize size{
      .ws_row = 24, .ws_col = static_cast<unsigned short>(columns), .ws_xpixel = 0, .ws_ypixel = 0};
  EXPECT_EQ(::ioctl(master, TIOCSWINSZ, &size), 0);
  const std::string name = ::ptsname(master);
  const pid_t pid = start_child([&] {
    for (const char* variable : {"TERM", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"})
      ::unsetenv(variable);
    for (const auto& [variable, value] : variables) ::setenv(variable.c_str(), value.c_str(), 1);
    ::setsid();
    const int terminal = ::open(name.c_str(), O_RDWR);
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(terminal, descriptor);
    std::vector<std::string> words = arguments;
    words.insert(words.begin(), actlab_binary());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    return 127;
  });
  std::string written;
  char bytes[4096];
  bool ended = false;
  // Reading fails before the child has opened its side, and once all is read after its end.
  for (ssize_t count = 0; count > 0 || !ended;) {
    if (count <= 0) ended = ::waitpid(pid, nullptr, WNOHANG) != 0;
    count = ::read(master, bytes, sizeof bytes);
    if (count > 0) written.append(bytes, static_cast<size_t>(count));
  }
  ::close(master);
  return written;
}

TEST(OnATerminal, WhatUnderstandsNoEscapesGetsNone) {
  const TemporaryFolder folder;
  const std::string config = small_config(folder);
  const std::vector<std::vector<std::string>> lines = {
      {"train", config, "train.epochs=2"},
      {"train", config, "epochs=1"},
      {"trian"},
      {"--help"},
      {"info"},
      {"compare", config, "--activations", "relu,tanh", "--seeds", "1", "train.epochs=1"}};
  for (const auto& line : lines) {
    for (const std::map<std::string, std::string>& variables :
         std::vector<std::map<std::string, std::string>>{
             {{"TERM", "dumb"}}, {}, {{"TERM", "xterm"}, {"CI", "1"}}}) {
      const std::string written = on_terminal(line, 80, variables);
      EXPECT_NE(written, "");
      EXPECT_EQ(written.find('\x1b'), std::string::npos) << join(line, " ") << written;
    }
  }
}

TEST(OnATerminal, ColourMarksWhatMatters) {
  const TemporaryFolder folder;
  const std::string config = small_config(folder);
  const std::string trained = on_terminal({"train", config, "train.epochs=2"}, 120, {{"TERM", "xterm"}});
  EXPECT_THAT(trained, HasSubstr("\x1b[32mbest\x1b[0m"));
  EXPECT_THAT(trained, HasSubstr("test        \x1b[32maccuracy"));
  for (const char* plain : {"\ntime        ", "\ncheckpoint  ", "\nreport      "})
    EXPECT_THAT(trained, HasSubstr(plain));
  EXPECT_EQ(trained.find("accuracy", trained.find("report      ")), std::string::npos) << "said twice";
  EXPECT_THAT(on_terminal({"trian"}, 80, {{"TERM", "xterm"}}), HasSubstr("\x1b[31merror: "));
  EXPECT_THAT(on_terminal({"trian"}, 80, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}), Not(HasSubstr("\x1b[")));
}

TEST(OnATerminal, EpochsFitIntoANarrowOne) {
  const TemporaryFolder folder;
  const std::string config = small_config(folder);
  std::istringstream lines(on_terminal({"train", config, "train.epochs=2"}, 60, {{"TERM", "dumb"}}));
  int epochs = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("epoch ")) continue;
    ++epochs;
    EXPECT_LE(line.size(), 61U) << line;  // with the terminal's carriage return
    EXPECT_THAT(line, HasSubstr("val accuracy"));
  }
  EXPECT_EQ(epochs, 2);
  // The log keeps all of it.
  EXPECT_THAT(text_of(folder / "runs/small/log.txt"), HasSubstr("samples/s"));
}

TEST(OnATerminal, ATrialOfARemedyShowsHowFarItIsAndLeavesNothing) {
  const TemporaryFolder folder;
  std::string widths = "20";
  for (int i = 1; i < 20; ++i) widths += ", 20";
  const std::string written =
      on_terminal({"diagnose", small_config(folder), "--try", "--steps", "400", "model.activation=sigmoid",
                   "model={type: mlp, hidden: [" + widths + "]}"},
                  60, {{"TERM", "xterm"}});
  const size_t bar = written.find(" of 400  ");
  ASSERT_NE(bar, std::string::npos) << written;
  const std::string drawn = written.substr(bar, written.find('\r', bar) - bar);
  EXPECT_THAT(drawn, HasSubstr("ETA "));
  EXPECT_LT(drawn.size(), 60U) << drawn;
  EXPECT_THAT(written.substr(written.find("tried for 400")), Not(HasSubstr(" of 400  ")));
}

}  // namespace
}  // namespace actlab::test
