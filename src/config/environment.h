#pragma once

#include "config/node.h"
#include "config/problems.h"

namespace actlab {

// Replaces every ${env:NAME} and ${env:NAME:-default} in the values of a config by the variable or, when it
// is not set, by the default (which may be empty). What comes out is plain text: "${env:LR}" can be a number.
// It is not looked at again. Reported, and made null: a variable that is not set and has no default, any
// other use of ${, and what makes more than kMaxConfigBytes of all of them.
void resolve_environment(Node& root, Problems& problems);

}  // namespace actlab
