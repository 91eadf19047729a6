#pragma once

#include <filesystem>
#include <string>

namespace actlab {

// A path as people type it, on the command line or in a config: `~`, and what begins with `~/`, stands in the
// home folder as in a shell, which expands neither in key=value nor in --flag=value. Throws Error (2) for an
// empty one, as a shell variable gives that is not set, and for another user's home (`~name`).
std::filesystem::path typed_path(const std::string& text);

}  // namespace actlab
