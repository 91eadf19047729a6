#pragma once

#include <string>
#include <vector>

#include "config/config.h"

namespace actlab {

// The dotted keys whose values differ between two resolved configs, in the order of `stored`, each with both
// values: "optimizer.lr (0.001 in the checkpoint, 0.01 now)". Only their trained_part counts. `place` is
// where `stored` is kept.
std::vector<std::string> config_differences(const Node& stored, const Node& wanted,
                                            const std::string& place = "the checkpoint");

}  // namespace actlab
