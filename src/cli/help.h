#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace actlab {

std::vector<std::string> names_of(const std::vector<Command>& table);

// The command's flags, and those that every command has.
std::vector<Flag> flags_of(const Command& command);

// All help is laid out for `width` columns.

// Columns for it: those of the terminal that stdout is, 100 at most, and 100 elsewhere.
size_t help_width();

// What `actlab --help` prints: every command with its summary, examples, exit statuses.
std::string overview(const std::vector<Command>& table, size_t width);

// What `actlab COMMAND --help` prints; `name` is "data fetch" for an action.
std::string help_of(const Command& command, const std::string& name, size_t width);

// Paragraphs filled anew; indented lines, which are examples, stay lines of their own. A command that is too
// long is broken as a shell takes it, with a backslash.
std::string laid_out(const std::string& text, size_t width);

}  // namespace actlab
