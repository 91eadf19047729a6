#include "rundir/line_log.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sstream>

#include "core/error.h"
#include "core/file.h"

namespace actlab {

LineLog::LineLog(std::filesystem::path path, std::string header)
    : path_(std::move(path)), header_(std::move(header)) {}

std::vector<std::string> LineLog::read(int64_t step,
                                       const std::function<int64_t(const std::string&)>& step_of) {
  std::vector<std::string> kept;
  check_own_file(path_);
  if (!std::filesystem::exists(path_)) return kept;
  const std::string all = read_text(path_, ExitStatus::kFailed);
  std::istringstream lines(all);
  std::string text;
  std::string line;
  if (!header_.empty() && std::getline(lines, line)) text = header_ + "\n";
  // A last line without its end is half a line.
  for (int64_t number = header_.empty() ? 1 : 2; std::getline(lines, line) && !lines.eof(); ++number) {
    const int64_t of = step_of(line);
    if (of < 0) {
      throw Error(ExitStatus::kFailed, path_.string() + ": line " + std::to_string(number) +
                                           " is damaged; delete it and what follows to go on");
    }
    if (of > step) break;
    text += line + "\n";
    kept.push_back(line);
  }
  if (text.size() != all.size()) cut_to_ = std::move(text);
  return kept;
}

void LineLog::cut() {
  if (cut_to_) write_file_atomically(path_, *cut_to_);
  cut_to_.reset();
}

void LineLog::flush() {
  if (pending_.empty()) return;
  Descriptor file = open_to_append(path_);
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  const std::string header = size == 0 && !header_.empty() ? header_ + "\n" : "";
  if (write_fully(file, as_bytes(header + pending_)) && file.close()) return pending_.clear();
  const std::string reason = std::strerror(errno);
  std::error_code ignored;
  if (size >= 0) std::filesystem::resize_file(path_, static_cast<uintmax_t>(size), ignored);
  throw Error(ExitStatus::kFailed, "cannot write " + path_.string() + ": " + reason);
}

}  // namespace actlab
