#pragma once

#include "core/error.h"

namespace actlab {

// Takes the command line apart and runs the command it names, or the action of that command. Throws Error (2)
// for an unknown command, action or flag, with the nearest known name, for a flag of another action, and for
// arguments that are missing or too many.
ExitStatus run_command_line(int argc, const char* const* argv);

}  // namespace actlab
