#pragma once

#include <filesystem>
#include <string>

#include "config/config.h"

namespace actlab {

// `run.name`; where that is auto, the config file's name without extension, with '_' for what run.name may
// not hold.
std::string run_name(const Config& config, const std::filesystem::path& file);

}  // namespace actlab
