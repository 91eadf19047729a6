#pragma once

#include <filesystem>

namespace actlab {

// Which checkpoint of a run is meant by the run directory alone.
enum class WhichCheckpoint { kBest, kLast };

// The checkpoint at `path`: the file, whatever it holds, or, where that is a run directory or its folder
// checkpoints, the one in it that is meant, else the other one, which is then logged. Absolute. Throws Error
// (1) for a folder without any; a file that is not there is told by whoever reads it.
std::filesystem::path find_checkpoint(const std::filesystem::path& path, WhichCheckpoint which);

// Whether it is a checkpoint by its first bytes or its name.
bool is_checkpoint(const std::filesystem::path& file);

}  // namespace actlab
