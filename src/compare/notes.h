#pragma once

#include <string>
#include <vector>

#include "compare/comparison.h"

namespace actlab {

// What a reader of that table has to know, in plain words: where so few seeds can't show anything, and how
// large a difference would have shown; that the data chose the baseline; what diverged. The notes that the
// comparison has already do not count.
std::vector<std::string> notes_on(const Comparison& comparison);

}  // namespace actlab
