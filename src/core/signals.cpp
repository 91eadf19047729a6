#include "core/signals.h"

#include <unistd.h>

#include <atomic>

namespace actlab {
namespace {

std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch lock-free atomics only");

extern "C" void remember_signal(int number) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, number)) ::_exit(128 + number);
}

}  // namespace

StopSignals::StopSignals() {
  first_signal = 0;
  struct sigaction action {};
  action.sa_handler = remember_signal;
  action.sa_flags = SA_RESTART;  // files being read or written carry on
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, &former_interrupt_);
  ::sigaction(SIGTERM, &action, &former_terminate_);
}

StopSignals::~StopSignals() {
  ::sigaction(SIGINT, &former_interrupt_, nullptr);
  ::sigaction(SIGTERM, &former_terminate_, nullptr);
}

int StopSignals::requested() const noexcept {
  return first_signal.load(std::memory_order_relaxed);
}

std::string signal_name(int signal) {
  return signal == SIGINT ? "SIGINT" : "SIGTERM";
}

ExitStatus status_after(int signal) {
  return signal == SIGINT ? ExitStatus::kInterrupted : ExitStatus::kTerminated;
}

}  // namespace actlab
