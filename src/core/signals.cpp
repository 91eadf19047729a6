#include "core/signals.h"

#include <unistd.h>

#include <atomic>

namespace actlab {
namespace {

std::atomic<int> first_signal{0};
std::atomic<int> holders{0};  // StopSignals and Unstopped that live
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch lock-free atomics only");

extern "C" void take_signal(int number) {
  int none = 0;
  const bool first = first_signal.compare_exchange_strong(none, number);
  if (!first || holders.load() == 0) ::_exit(128 + number);
}

struct sigaction taking() {
  struct sigaction action {};
  action.sa_handler = take_signal;
  action.sa_flags = SA_RESTART;  // files being read or written carry on
  sigemptyset(&action.sa_mask);
  return action;
}

}  // namespace

void take_stop_signals() {
  const struct sigaction action = taking();
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

StopSignals::StopSignals() {
  first_signal = 0;
  ++holders;
  const struct sigaction action = taking();
  ::sigaction(SIGINT, &action, &former_interrupt_);
  ::sigaction(SIGTERM, &action, &former_terminate_);
}

StopSignals::~StopSignals() {
  ::sigaction(SIGINT, &former_interrupt_, nullptr);
  ::sigaction(SIGTERM, &former_terminate_, nullptr);
  --holders;
}

int StopSignals::requested() const noexcept {
  return stop_signal();
}

Unstopped::Unstopped() {
  ++holders;
}

Unstopped::~Unstopped() {
  if (--holders > 0) return;
  if (const int signal = first_signal.load()) ::_exit(128 + signal);
}

int stop_signal() noexcept {
  return first_signal.load(std::memory_order_relaxed);
}

std::string signal_name(int signal) {
  return signal == SIGINT ? "SIGINT" : "SIGTERM";
}

ExitStatus status_after(int signal) {
  return signal == SIGINT ? ExitStatus::kInterrupted : ExitStatus::kTerminated;
}

}  // namespace actlab
