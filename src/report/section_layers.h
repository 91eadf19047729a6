#pragma once

#include <string>

#include "report/detail.h"
#include "rundir/history.h"

// Parts of the page as markup; "" where a run has nothing of that kind.
namespace actlab::report {

// What each layer feeds into its activation: the histogram of its pre-activations under f and f', before
// training and after, and over the examinations with a slider.
std::string layers_section(const Run& run, const Detail& detail);

}  // namespace actlab::report
