#pragma once

#include <csignal>
#include <string>

#include "core/error.h"

namespace actlab {

// SIGINT and SIGTERM end the program at once with exit status 128 + their number, as they do from its start
// (start.cpp), but for what stands below. main does it once; the library never does, so that in the program
// that embeds it signals stay that program's.
void take_stop_signals();

// While one lives, SIGINT and SIGTERM do not end the process but are remembered, so that training can finish
// its step and save; a second one of either ends it at once with exit status 128 + its number. The destructor
// puts the former handlers back. At most one at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // SIGINT or SIGTERM, whichever came first; 0 when none did. One atomic load: cheap enough for every step.
  int requested() const noexcept;

 private:
  struct sigaction former_interrupt_ {};
  struct sigaction former_terminate_ {};
};

// While one lives, a signal that would have ended the program waits until the end of its life: for the
// moments in which a file is half written. As StopSignals, a second one does not wait.
class Unstopped {
 public:
  Unstopped();
  ~Unstopped();
  Unstopped(const Unstopped&) = delete;
  Unstopped& operator=(const Unstopped&) = delete;
};

// The signal that is remembered, or 0.
int stop_signal() noexcept;

// "SIGINT" or "SIGTERM".
std::string signal_name(int signal);

// Of a program that has stopped and saved at that signal's request.
ExitStatus status_after(int signal);

}  // namespace actlab
