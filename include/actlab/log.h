#pragma once

#include <actlab/api.h>

#include <functional>
#include <string_view>

namespace actlab {
inline namespace v0 {

enum class LogLevel { kInfo, kWarning, kError };

using LogHandler = std::function<void(LogLevel level, std::string_view message)>;

// Where messages go instead of to stderr, from now on; with a handler no progress bar is drawn. An empty one
// puts things back. It is called by the thread that has the message, one call at a time, and must not throw.
// A run's own log file gets every message all the same.
ACTLAB_API void set_log_handler(LogHandler handler);

}  // namespace v0
}  // namespace actlab
