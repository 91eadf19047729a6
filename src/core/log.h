#pragma once

#include <actlab/log.h>

#include <filesystem>
#include <string_view>

namespace actlab {

// Messages for people: stderr, or the handler of a program that embeds the library (actlab/log.h), and the
// run's log file once there is one. Results go to stdout, never through here.
void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);

// Appends every later message to `file` too, with time and level. Throws Error (1) when it cannot be opened.
void log_to_file(const std::filesystem::path& file);

// Where later messages go instead of to stderr, as set_log_handler of actlab/log.h says.
void log_to(LogHandler handler);

// Whether messages go to a terminal on stderr, and whether it may be coloured (a terminal, and NO_COLOR unset
// or empty).
bool stderr_is_terminal();
bool stderr_has_color();

}  // namespace actlab
