#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace actlab {

// A text file of a run that grows line by line in the order of the steps: steps.csv, diagnostics.jsonl. Lines
// are appended, not written whole: a kill may leave half of the last one, which `cut` removes.
class LineLog {
 public:
  // The file is made with the first flush; `header` is its first line, if any.
  explicit LineLog(std::filesystem::path path, std::string header = "");

  // The lines of steps up to `step`, which a resumed run keeps. `step_of` a line, or -1 when it is damaged.
  // Changes nothing yet. Throws Error (1) when the file cannot be read or is not the folder's own
  // (check_own_file), or naming a line that is damaged.
  std::vector<std::string> read(int64_t step, const std::function<int64_t(const std::string&)>& step_of);
  // Forgets the lines that read() has passed over. Throws Error (1) when the file cannot be written.
  void cut();

  // Kept in memory until flush.
  void add(const std::string& line) { pending_ += line + "\n"; }
  // Throws Error (1) when the file cannot be written; the lines are then kept, and what was written of them
  // is taken back.
  void flush();

 private:
  std::filesystem::path path_;
  std::string header_;
  std::string pending_;
  std::optional<std::string> cut_to_;  // what the file should hold, where it holds more
};

}  // namespace actlab
