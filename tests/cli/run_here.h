#pragma once

#include <gtest/gtest.h>

#include <exception>

#include "cli/command_line.h"
#include "cli/run_actlab.h"

namespace actlab::test {

// What starting the program with these arguments would do, in this process, which has loaded LibTorch
// already. Messages of errors stand in `err` without what main puts before them. For what trains nothing: a
// run takes signals over for good, and logs to its file from then on.
inline Outcome run_here(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"actlab"};
  for (const auto& argument : arguments) argv.push_back(argument.c_str());
  const int argc = static_cast<int>(argv.size());
  argv.push_back(nullptr);
  Outcome outcome;
  std::string message;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  try {
    outcome.status = static_cast<int>(run_command_line(argc, argv.data()));
  } catch (const Error& e) {
    outcome.status = static_cast<int>(e.status());
    message = e.what();
  } catch (const std::exception& e) {
    outcome.status = static_cast<int>(ExitStatus::kFailed);
    message = e.what();
  }
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.err = testing::internal::GetCapturedStderr() + message;
  return outcome;
}

}  // namespace actlab::test
