#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/downloads.h"

namespace actlab {

// Brings the set's files into `folder`, which is made when it does not exist. Files that are there and right
// are kept, wrong ones replaced. Tried in turn: curl from each mirror (given up at its first failure to
// connect), then npm; what they bring is checked before it is moved into place, whole or not at all. Returns
// the names of the files brought. Throws Error(kData) that lists what was tried when a file could not be had.
std::vector<std::string> fetch(const Download& set, const std::filesystem::path& folder);

}  // namespace actlab
