#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.h"

namespace actlab {

// What of a resolved config has no effect, or another than it seems to, a sentence each: nothing that stops a
// training, but nothing to be silent about. `examples`: of the training part; 0 where they are not known yet.
std::vector<std::string> idle_options(const Config& config, int64_t examples = 0);

}  // namespace actlab
