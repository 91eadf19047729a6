#pragma once

#include <filesystem>
#include <string_view>

namespace actlab {

// Messages for people: stderr, and the run's log file once there is one. Results go to stdout, never through
// here.
void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);

// Appends every later message to `file` too, with time and level. Throws Error (1) when it cannot be opened.
void log_to_file(const std::filesystem::path& file);

// Whether stderr is a terminal, and whether it may be coloured (a terminal, and NO_COLOR unset or empty).
bool stderr_is_terminal();
bool stderr_has_color();

}  // namespace actlab
