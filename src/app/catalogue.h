#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/config.h"

namespace actlab {

// Every section that chooses a component, with its registry's rows.
std::vector<ComponentSection> catalogue();

// load_config with all components, and, where the config alone tells the labels, the check of loss x output x
// labels.
Config load_checked_config(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                           Problems& problems);

// That check alone, and that train.watch is recorded, for a resolved config.
void check_model(const Config& config, Problems& problems);

// The same as load_checked_config for a config file, a checkpoint with a config in it, or a run directory
// with the run's. Throws Error (1) for a damaged checkpoint.
Config load_any_config(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                       Problems& problems);

// The same for the config kept in a checkpoint.
Config parse_checked_config(const std::string& text, const std::string& name,
                            const std::vector<std::string>& overrides, Problems& problems);

// The check of loss x output x labels alone, and that train.watch is recorded, for a resolved config.
void check_model(const Config& config, Problems& problems);

}  // namespace actlab
