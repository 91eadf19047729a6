#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/signals.h"

namespace actlab {

// A program to run.
struct Job {
  std::vector<std::string> command;      // the program's path, then its arguments; no shell
  std::vector<std::string> environment;  // "NAME=value", beside and instead of what this process has
};

// How a job ended.
struct JobResult {
  size_t job = 0;        // its place in the list
  int status = 0;        // exit status; 128 + n: ended by signal n; 126, 127: could not be started
  bool stopped = false;  // it had been asked to stop before
  double seconds = 0;
  std::string out;  // the first megabyte of its stdout
  std::string err;  // the last few kilobytes of its stderr
};

// Who is told while jobs run.
struct JobsObserver {
  // A job has ended, in the order in which they end. May throw: then the others are stopped as by SIGTERM,
  // run_jobs waits for their ends, and the exception goes on.
  std::function<void(const JobResult& result)> ended;
  // Called about ten times a second; may be empty.
  std::function<void(size_t running)> waiting = {};
};

// How many jobs of one thread each this machine runs at full speed: the cores that this process may use.
size_t job_slots();

// Runs the jobs as processes, `slots` (at least 1) at a time, started in their order, with nothing on their
// stdin. When `signals` remembers one, starts no more, hands it on to those that run, and waits for them:
// they may finish a step and save. Returns that signal, or 0 when every job has run to its own end.
//
// A terminal's Ctrl-C reaches the jobs through here alone, once: they are process groups of their own. When
// this process is killed, the kernel kills them (PR_SET_PDEATHSIG; call from a thread that lives as long as
// the process). Throws Error (1) when the system gives no pipe or process.
int run_jobs(const std::vector<Job>& jobs, size_t slots, const StopSignals& signals,
             const JobsObserver& observer);

}  // namespace actlab
