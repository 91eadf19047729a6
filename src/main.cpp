#include <csignal>
#include <exception>
#include <sstream>
#include <string>

#include "cli/command_line.h"
#include "cli/print.h"
#include "core/error.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/signals.h"

namespace {

// All lines of a message: a config's mistakes are one a line.
void log_lines(const std::string& message) {
  std::istringstream lines(message);
  for (std::string line; std::getline(lines, line);) actlab::log_error(line);
}

actlab::ExitStatus run(int argc, char** argv) {
  const actlab::ExitStatus status = actlab::run_command_line(argc, argv);
  actlab::finish_stdout();
  actlab::check_log();
  // It came when there was something to finish first, and nobody asked afterwards.
  const int signal = actlab::stop_signal();
  return signal == 0 ? status : actlab::status_after(signal);
}

}  // namespace

// What start.cpp calls.
extern "C" __attribute__((visibility("default"))) int actlab_main(int argc, char** argv) {
  actlab::take_stop_signals();
  // A file-size limit or a closed pipe is then an error of the write that meets it, and reported like any
  // other.
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return static_cast<int>(run(argc, argv));
  } catch (const actlab::Error& e) {
    log_lines(e.what());
    return static_cast<int>(e.status());
  } catch (const std::exception& e) {
    // LibTorch appends a stack trace to the first line, which is all that helps a user.
    const std::string message = e.what();
    const auto memory = actlab::out_of_memory(e);
    actlab::log_error(memory ? actlab::out_of_memory_text("this command", *memory)
                             : message.substr(0, message.find('\n')));
    return static_cast<int>(actlab::ExitStatus::kFailed);
  }
}
