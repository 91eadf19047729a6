#pragma once

#include <string>

#include "rundir/comparison.h"

// Parts of the page as markup; "" where a run has nothing of that kind.
namespace actlab::report {

std::string comparison_section(const Comparison& comparison);

}  // namespace actlab::report
