#pragma once

#include "core/error.h"

namespace actlab {

// Takes the command line apart and runs the command it names. Throws Error (2) for an unknown command or
// flag, with the nearest known name, and for arguments that are missing or too many.
ExitStatus run_command_line(int argc, const char* const* argv);

}  // namespace actlab
