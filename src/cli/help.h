#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace actlab {

std::vector<std::string> names_of(const std::vector<Command>& table);

// What `actlab --help` prints: every command with its summary, examples, exit statuses.
std::string overview(const std::vector<Command>& table);

// What `actlab COMMAND --help` prints of a command that has actions, without its details: each action with
// its arguments, flags and summary.
std::string help_of_actions(const Command& command);

}  // namespace actlab
