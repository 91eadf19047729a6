#include "core/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <mutex>
#include <utility>

#include "core/error.h"
#include "core/file.h"

// The only file that sees spdlog: LibTorch's include directory carries another fmt, so this one is compiled
// without it.
namespace actlab {
namespace {

std::string& log_problem() {
  static std::string first;
  return first;
}

constexpr const char* kErase =
    "\r\x1b[K";  // to the end of the line: understood by every terminal with escapes

// Of the run's log file; without one it has no sink.
spdlog::logger& file_logger() {
  static const auto instance = [] {
    auto created = std::make_shared<spdlog::logger>("actlab");
    created->flush_on(spdlog::level::info);
    created->set_error_handler([](const std::string& why) {
      if (log_problem().empty()) log_problem() = why;
    });
    return created;
  }();
  return *instance;
}

// Lines at the end of a file that is opened with care (core/file.h), which spdlog's own sink would not do.
// The logger's error handler takes what is thrown.
class FileSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(const std::filesystem::path& file) : path_(file), file_(open_to_append(file)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (!write_fully(file_, as_bytes({line.data(), line.size()})))
      throw spdlog::spdlog_ex("cannot write " + path_.string(), errno);
  }
  void flush_() override {}

 private:
  std::filesystem::path path_;
  Descriptor file_;
};

// stderr, or what a program that embeds the library has set in its place.
struct Console {
  std::mutex mutex;
  LogHandler handle;
  bool drawn = false;  // a status line stands there
};

Console& console() {
  static Console instance;
  return instance;
}

void write(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

void log(LogLevel level, spdlog::level::level_enum file_level, const std::string& message,
         std::string_view bare, const std::string& on_console) {
  file_logger().log(file_level, message);
  const std::scoped_lock lock(console().mutex);
  if (console().handle) return console().handle(level, bare);
  write((std::exchange(console().drawn, false) ? kErase : "") + on_console + "\n");
}

}  // namespace

void log_to(LogHandler handle) {
  const std::scoped_lock lock(console().mutex);
  console().handle = std::move(handle);
}

void log_info(std::string_view message) {
  log_info(message, message);
}

void log_info(std::string_view message, std::string_view on_console) {
  log(LogLevel::kInfo, spdlog::level::info, std::string(message), message, std::string(on_console));
}

void log_warning(std::string_view message) {
  const std::string text = "warning: " + std::string(message);
  log(LogLevel::kWarning, spdlog::level::warn, text, message, emphasized(text, Color::kYellow));
}

void log_error(std::string_view message) {
  const std::string text = "error: " + std::string(message);
  log(LogLevel::kError, spdlog::level::err, text, message, emphasized(text, Color::kRed));
}

void log_to_file(const std::filesystem::path& file) {
  auto sink = std::make_shared<FileSink>(file);
  sink->set_pattern("%Y-%m-%d %H:%M:%S %l %v");
  file_logger().sinks() = {std::move(sink)};
}

void check_log() {
  if (log_problem().empty()) return;
  throw Error(ExitStatus::kFailed, "the log is not whole: " + log_problem());
}

void draw_status(std::string_view line) {
  if (!shows_status()) return;
  const std::scoped_lock lock(console().mutex);
  write("\r" + std::string(line) + "\x1b[K");
  console().drawn = true;
}

void clear_status() {
  const std::scoped_lock lock(console().mutex);
  if (std::exchange(console().drawn, false)) write(kErase);
}

bool shows_status() {
  const std::scoped_lock lock(console().mutex);
  return !console().handle && can_redraw(STDERR_FILENO);
}

std::string emphasized(std::string_view text, Color color) {
  return has_color(STDERR_FILENO) ? colored(text, color) : std::string(text);
}

int console_width(int otherwise) {
  return terminal_width(STDERR_FILENO, otherwise);
}

}  // namespace actlab
