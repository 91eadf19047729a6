#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace actlab {

struct ProcessResult {
  int status = 0;      // exit status; 127: there is no such program; 128 + n: ended by signal n
  std::string output;  // the first few kilobytes of stdout and stderr
  bool ok() const { return status == 0; }
};

inline constexpr int kNoSuchProgram = 127;

// Runs a program found in PATH, without a shell, in `folder`, with nothing on its stdin, and waits for its
// end. Throws Error(kFailed) when the system can't start any program.
ProcessResult run_program(const std::vector<std::string>& command, const std::filesystem::path& folder);

// A new folder for temporary files, removed with everything in it at the end of its life.
class TemporaryFolder {
 public:
  // Throws Error(kFailed) when the system has no place for it.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace actlab
