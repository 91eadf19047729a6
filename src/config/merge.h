#pragma once

#include <string>

#include "config/node.h"
#include "config/problems.h"

namespace actlab {

// Lays one config over another. The sections at the top merge key by key; values inside a section are
// replaced whole, maps and lists too. A section with `type`, or a bare name, replaces the section it meets.
// Over a bare name, the keys of a map without `type` become options of that component: `adam` and {lr: 1}
// make {type: adam, lr: 1}.
void merge(Node& base, const Node& newer);

// Lays one "key.sub=value" from the command line over a config. A key at the top merges as above; a dotted
// one sets that one value, making maps on its way: a bare name it goes through becomes {type: name}. Items of
// a list are reached by their number, from 0. What is malformed is reported and changes nothing.
void apply_override(Node& root, const std::string& assignment, Problems& problems);

}  // namespace actlab
