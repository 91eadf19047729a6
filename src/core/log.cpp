#include "core/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <utility>

#include "core/error.h"

// The only file that sees spdlog: LibTorch's include directory carries another fmt, so this one is compiled
// without it.
namespace actlab {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto console = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
        stderr_has_color() ? spdlog::color_mode::always : spdlog::color_mode::never);
    console->set_pattern("%^%v%$");
    auto created = std::make_shared<spdlog::logger>("actlab", console);
    created->flush_on(spdlog::level::info);
    return created;
  }();
  return *instance;
}

// What a program that embeds the library has set in the console's place.
struct Handler {
  std::mutex mutex;
  LogHandler handle;
};

Handler& handler() {
  static Handler instance;
  return instance;
}

void pass_on(LogLevel level, std::string_view message) {
  const std::scoped_lock lock(handler().mutex);
  if (handler().handle) handler().handle(level, message);
}

}  // namespace

void log_to(LogHandler handle) {
  logger().sinks().front()->set_level(handle ? spdlog::level::off : spdlog::level::trace);
  const std::scoped_lock lock(handler().mutex);
  handler().handle = std::move(handle);
}

void log_info(std::string_view message) {
  // The console's colour range is for warnings and errors; an ordinary line stays plain.
  logger().log(spdlog::level::info, message);
  pass_on(LogLevel::kInfo, message);
}

void log_warning(std::string_view message) {
  logger().log(spdlog::level::warn, "warning: " + std::string(message));
  pass_on(LogLevel::kWarning, message);
}

void log_error(std::string_view message) {
  logger().log(spdlog::level::err, "error: " + std::string(message));
  pass_on(LogLevel::kError, message);
}

void log_to_file(const std::filesystem::path& file) {
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string());
    sink->set_pattern("%Y-%m-%d %H:%M:%S %l %v");
    auto& sinks = logger().sinks();
    sinks.resize(1);
    sinks.push_back(std::move(sink));
  } catch (const spdlog::spdlog_ex& e) {
    throw Error(ExitStatus::kFailed, "cannot write the log file " + file.string() + ": " + e.what());
  }
}

bool stderr_is_terminal() {
  const std::scoped_lock lock(handler().mutex);
  return !handler().handle && isatty(STDERR_FILENO) == 1;
}

bool stderr_has_color() {
  const char* no_color = std::getenv("NO_COLOR");
  return stderr_is_terminal() && (no_color == nullptr || *no_color == '\0');
}

}  // namespace actlab
