#pragma once

#include <string>

#include "config/node.h"

namespace actlab {

// Block style YAML that parse_yaml reads back as an equal node; what is small and inside a section is in flow
// style. Not yaml-cpp's emitter: checkpoints hold this text, so it must not differ between its
// versions.
std::string to_yaml(const Node& node);

}  // namespace actlab
