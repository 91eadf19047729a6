#pragma once

#include <actlab/log.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "core/terminal.h"

namespace actlab {

// Messages for people: stderr, or the handler of a program that embeds the library (actlab/log.h), and the
// run's log file once there is one. Results go to stdout, never through here.
void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);

// The same for a line that looks other on stderr: shortened to a narrow terminal, or with parts in colour.
void log_info(std::string_view message, std::string_view on_console);

// Appends every later message to `file` too, with time and level. Throws Error (1) when it cannot be opened.
void log_to_file(const std::filesystem::path& file);

// Throws Error (1) when some message did not reach the file. Writing one never throws.
void check_log();

// Where later messages go instead of to stderr, as set_log_handler of actlab/log.h says.
void log_to(LogHandler handler);

// The last line of stderr, drawn over what it was: a progress bar, or what the program is busy with. A
// message removes it. Nothing happens where shows_status() is false. May be called by any thread.
void draw_status(std::string_view line);
void clear_status();

// Whether stderr is a terminal that can redraw a line, and messages go there.
bool shows_status();

// The text in colour where stderr has it.
std::string emphasized(std::string_view text, Color color);

// Columns that a line on stderr may have; `otherwise` where that is no terminal.
int console_width(int otherwise);

}  // namespace actlab
