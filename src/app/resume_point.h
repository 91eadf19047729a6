#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "config/config.h"

namespace actlab {

// What --resume names: a checkpoint to go on from, if there is one, and the run directory to write on in.
struct ResumePoint {
  std::optional<std::filesystem::path> run;
  std::optional<std::filesystem::path> checkpoint;
};

// `resume`: a checkpoint, a run directory, "last" for the newest run of the config's name under its root, or
// empty for none. Throws Error (1) when it is not there.
ResumePoint find_resume_point(const std::string& resume, const Config& config);

}  // namespace actlab
