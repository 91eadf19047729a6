#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace actlab {

// A text file of a run that grows line by line in the order of the steps: steps.csv, diagnostics.jsonl. Lines
// are appended, not written whole: a kill may leave half of the last one, which `keep` removes.
class LineLog {
 public:
  // The file is made with the first flush; `header` is its first line, if any.
  explicit LineLog(std::filesystem::path path, std::string header = "");

  // Forgets what was written of steps after `step`, as a resumed run does. `step_of` a line, or -1 when it is
  // damaged; what follows a damaged line is forgotten too. Returns the lines that are left. Throws Error (1)
  // when the file cannot be read or written.
  std::vector<std::string> keep(int64_t step, const std::function<int64_t(const std::string&)>& step_of);

  // Kept in memory until flush.
  void add(const std::string& line) { pending_ += line + "\n"; }
  // Throws Error (1) when the file cannot be written; the lines are then kept, and what was written of them
  // is taken back.
  void flush();

 private:
  std::filesystem::path path_;
  std::string header_;
  std::string pending_;
};

}  // namespace actlab
