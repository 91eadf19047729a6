#include <dlfcn.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "core/tuning.h"

// The program as the system starts it: links the C library alone, takes SIGINT and SIGTERM over, and only
// then loads the rest (main.cpp, in a library beside it) with LibTorch, which takes a third of a second and
// more where the disk is slow. A signal ends the program with an exit status of its own from the first
// instant on.

namespace {

constexpr char kRest[] = "actlab-program.so";
constexpr size_t kLongestPath = 4096;

extern "C" void end_at_signal(int number) {
  ::_exit(128 + number);
}

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

// Whatever they did to the process that started this one.
void take_stop_signals() {
  struct sigaction action {};
  action.sa_handler = end_at_signal;
  action.sa_flags = SA_RESTART;
  const sigset_t signals = stop_signals();
  for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
  ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

// A new program has no handlers before it begins to run, so signals wait for it.
void restart(char** argv) {
  const sigset_t signals = stop_signals();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  actlab::restart_for_speed(argv);
  ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

// The rest lies beside this file. False where the path is too long.
bool find_rest(char (&path)[kLongestPath]) {
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  if (length <= 0) return false;
  size_t folder = static_cast<size_t>(length);
  while (folder > 0 && path[folder - 1] != '/') --folder;
  if (folder + sizeof kRest > sizeof path) return false;
  std::memcpy(path + folder, kRest, sizeof kRest);
  return true;
}

int fail(const char* why) {
  rlimit memory{};
  const bool limited = ::getrlimit(RLIMIT_AS, &memory) == 0 && memory.rlim_cur != RLIM_INFINITY;
  std::fprintf(
      stderr, "error: the program cannot be loaded: %s%s\n", why,
      limited ? "; memory is limited here (ulimit -v), and LibTorch alone needs some gigabytes" : "");
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  take_stop_signals();
  restart(argv);
  char path[kLongestPath];
  if (!find_rest(path)) return fail("/proc/self/exe does not tell where it lies");
  void* rest = ::dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (rest == nullptr) return fail(::dlerror());
  using Main = int (*)(int, char**);
  const auto run = reinterpret_cast<Main>(::dlsym(rest, "actlab_main"));
  return run == nullptr ? fail(::dlerror()) : run(argc, argv);
}
