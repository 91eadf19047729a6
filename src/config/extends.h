#pragma once

#include <filesystem>
#include <optional>

#include "config/node.h"
#include "config/problems.h"

namespace actlab {

inline constexpr size_t kMaxConfigExtends = 16;  // files below the one that is asked for

// Reads a config file with the files it extends merged below it. Nothing when one of them cannot be read or
// parsed; smaller mistakes are reported and left out.
std::optional<Node> read_with_extends(const std::filesystem::path& file, Problems& problems);

}  // namespace actlab
