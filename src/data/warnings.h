#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/options.h"

namespace actlab {

// What is right by the rules and probably not meant, a sentence or two each: classes without an example,
// which figures then say nothing of.
std::vector<std::string> warnings_on(const DataParts& parts, const DataOptions& options);

}  // namespace actlab
