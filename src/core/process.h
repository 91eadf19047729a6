#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/child.h"
#include "core/signals.h"

namespace actlab {

struct ProcessResult {
  int status = 0;      // exit status; 127: there is no such program; 128 + n: ended by signal n
  std::string output;  // the first few kilobytes of stdout and stderr
  bool ok() const { return status == 0; }
};

// Runs a program found in PATH, as start_child does, in `folder`, and waits for its end. Throws Error: (1)
// when the system can't start any program, and once a signal is remembered (core/signals.h), with the status
// after it; the program is ended then.
ProcessResult run_program(const std::vector<std::string>& command, const std::filesystem::path& folder);

// A new folder for temporary files, removed with everything in it at the end of its life, for which a signal
// waits (Unstopped): run_program ends at it.
class TemporaryFolder {
 public:
  // Throws Error(kFailed) when the system has no place for it.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  Unstopped unstopped_;  // destroyed once the folder is removed
  std::filesystem::path path_;
};

}  // namespace actlab
