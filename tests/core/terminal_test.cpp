#include "core/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>

#include "core/test_support.h"

namespace actlab::test {
namespace {

constexpr const char* kVariables[] = {"TERM", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"};

class Terminal : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : kVariables) {
      if (const char* value = std::getenv(name)) before_[name] = value;
    }
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    ASSERT_GE(master_, 0);
    ASSERT_EQ(::grantpt(master_), 0);
    ASSERT_EQ(::unlockpt(master_), 0);
    terminal_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
    ASSERT_GE(terminal_, 0);
    file_ = ::open("/dev/null", O_WRONLY);
  }
  void TearDown() override {
    for (const char* name : kVariables) ::unsetenv(name);
    for (const auto& [name, value] : before_) ::setenv(name.c_str(), value.c_str(), 1);
    for (const int descriptor : {terminal_, master_, file_}) ::close(descriptor);
  }
  void set(const std::map<std::string, std::string>& variables) {
    for (const char* name : kVariables) ::unsetenv(name);
    for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  }

  std::map<std::string, std::string> before_;
  int master_ = -1, terminal_ = -1, file_ = -1;
};

struct Case {
  std::map<std::string, std::string> variables;
  bool color;          // on a terminal
  bool redraw;         // on a terminal
  bool color_of_file;  // elsewhere
};

TEST_F(Terminal, DoesWhatTheEnvironmentSays) {
  const std::vector<Case> cases = {
      {{{"TERM", "xterm"}}, true, true, false},
      {{{"TERM", "dumb"}}, false, false, false},
      {{}, false, false, false},
      {{{"TERM", ""}}, false, false, false},
      {{{"TERM", "xterm"}, {"NO_COLOR", "1"}}, false, true, false},
      {{{"TERM", "xterm"}, {"NO_COLOR", ""}}, true, true, false},
      {{{"TERM", "xterm"}, {"CI", "true"}}, false, false, false},
      {{{"TERM", "xterm"}, {"CI", "false"}}, true, true, false},
      {{{"TERM", "xterm"}, {"CLICOLOR", "0"}}, false, true, false},
      {{{"TERM", "dumb"}, {"FORCE_COLOR", "1"}}, true, false, true},
      {{{"TERM", "xterm"}, {"FORCE_COLOR", "0"}}, false, true, false},
      {{{"CLICOLOR_FORCE", "1"}, {"CI", "1"}}, true, false, true},
      {{{"FORCE_COLOR", "1"}, {"NO_COLOR", "1"}}, false, false, false},
  };
  for (size_t i = 0; i < cases.size(); ++i) {
    set(cases[i].variables);
    EXPECT_EQ(has_color(terminal_), cases[i].color) << i;
    EXPECT_EQ(can_redraw(terminal_), cases[i].redraw) << i;
    EXPECT_EQ(has_color(file_), cases[i].color_of_file) << i;
    EXPECT_FALSE(can_redraw(file_)) << i;
  }
}

TEST_F(Terminal, KnowsItsWidth) {
  const winsize size{.ws_row = 24, .ws_col = 61, .ws_xpixel = 0, .ws_ypixel = 0};
  ASSERT_EQ(::ioctl(terminal_, TIOCSWINSZ, &size), 0);
  EXPECT_EQ(terminal_width(terminal_, 80), 61);
  EXPECT_EQ(terminal_width(file_, 80), 80);
}

}  // namespace
}  // namespace actlab::test
