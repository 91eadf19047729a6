#include <csignal>
#include <exception>
#include <sstream>
#include <string>

#include "cli/command_line.h"
#include "cli/print.h"
#include "core/error.h"
#include "core/log.h"

int main(int argc, char** argv) {
  // A file-size limit or a closed pipe is then an error of the write that meets it, and reported like any
  // other.
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const actlab::ExitStatus status = actlab::run_command_line(argc, argv);
    actlab::finish_stdout();
    return static_cast<int>(status);
  } catch (const actlab::Error& e) {
    std::istringstream lines(e.what());  // a config's mistakes: one a line
    for (std::string line; std::getline(lines, line);) actlab::log_error(line);
    return static_cast<int>(e.status());
  } catch (const std::exception& e) {
    // LibTorch appends a stack trace to the first line, which is all that helps a user.
    const std::string message = e.what();
    actlab::log_error(message.substr(0, message.find('\n')));
    return static_cast<int>(actlab::ExitStatus::kFailed);
  }
}
