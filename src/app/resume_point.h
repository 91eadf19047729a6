#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"

namespace actlab {

// What --resume names: the run directory to write on in, and what to go on from.
struct ResumePoint {
  std::optional<std::filesystem::path> run = {};
  // The first that is whole counts: the last one saved, the generations before it, the best one. None:
  // nothing was saved yet. One alone where the user has named a file.
  std::vector<std::filesystem::path> checkpoints = {};
  bool named_file = false;
  std::vector<std::filesystem::path> others = {};  // older runs of that name, which `last` could have meant
};

// `resume`: a checkpoint, a run directory, "last" for the newest run of the config's name under its root, or
// empty for none. Throws Error (1) when it is not there.
ResumePoint find_resume_point(const std::string& resume, const Config& config);

}  // namespace actlab
