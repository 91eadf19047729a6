#pragma once

#include <csignal>
#include <string>

#include "core/error.h"

namespace actlab {

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

// "SIGINT" or "SIGTERM".
std::string signal_name(int signal);

// Of a program that has stopped and saved at that signal's request.
ExitStatus status_after(int signal);

}  // namespace actlab
