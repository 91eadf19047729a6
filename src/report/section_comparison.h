#pragma once

#include <string>

#include "report/section_curves.h"
#include "rundir/comparison.h"

// Parts of the page as markup; "" where a run has nothing of that kind.
namespace actlab::report {

// `groups` are the runs of its rows, by the activation's name.
std::string comparison_section(const Comparison& comparison, const std::vector<Group>& groups);

}  // namespace actlab::report
