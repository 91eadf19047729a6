#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace actlab {

// A program to start.
struct Child {
  std::vector<std::string> command;           // its path, or its name in PATH, then its arguments; no shell
  std::vector<std::string> environment = {};  // "NAME=value", beside and instead of what this process has
  std::filesystem::path folder = {};          // where it runs; empty: here
  int out = -1;                               // descriptors that become its stdout and stderr
  int err = -1;
};

// Of a program that could not be started; what it would have printed to stderr then says why.
inline constexpr int kNoSuchProgram = 127;
inline constexpr int kCannotStart = 126;

// Throws Error (1): what was wanted, and the system's reason for the error number.
[[noreturn]] void refused_by_system(const std::string& what, int error);

// Starts it with nothing on its stdin, as a process group of its own: a terminal's Ctrl-C reaches it only
// through this process. When this process is killed, the kernel kills it (PR_SET_PDEATHSIG; call from a
// thread that lives as long as the process). Returns its pid. Throws Error (1) when the system gives no
// process.
pid_t start_child(Child child);

// Waits for its end: its exit status, or 128 + the signal that ended it; -1 when it has not ended and
// `options` (WNOHANG) say not to wait.
int child_status(pid_t pid, int options = 0);

}  // namespace actlab
