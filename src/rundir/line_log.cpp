#include "rundir/line_log.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/error.h"
#include "core/file.h"

namespace actlab {

LineLog::LineLog(std::filesystem::path path, std::string header)
    : path_(std::move(path)), header_(std::move(header)) {}

std::vector<std::string> LineLog::keep(int64_t step,
                                       const std::function<int64_t(const std::string&)>& step_of) {
  std::vector<std::string> kept;
  if (!std::filesystem::exists(path_)) return kept;
  const std::string all = read_text(path_, ExitStatus::kFailed);
  std::istringstream lines(all);
  std::string text;
  std::string line;
  if (!header_.empty() && std::getline(lines, line)) text = header_ + "\n";
  // A last line without its end is half a line.
  while (std::getline(lines, line) && !lines.eof()) {
    const int64_t of = step_of(line);
    if (of < 0 || of > step) break;
    text += line + "\n";
    kept.push_back(line);
  }
  if (text.size() != all.size()) write_file_atomically(path_, text);
  return kept;
}

void LineLog::flush() {
  if (pending_.empty()) return;
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path_, ignored);
  const bool fresh = ignored || size == 0;
  errno = 0;
  std::ofstream file(path_, std::ios::app | std::ios::binary);
  if (fresh && !header_.empty()) file << header_ << "\n";
  file << pending_;
  file.close();
  if (file) return pending_.clear();
  const std::string reason = std::strerror(errno);
  if (!fresh) std::filesystem::resize_file(path_, size, ignored);
  throw Error(ExitStatus::kFailed, "cannot write " + path_.string() + ": " + reason);
}

}  // namespace actlab
