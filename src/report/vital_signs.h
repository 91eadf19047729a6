#pragma once

#include <string>

#include "report/detail.h"
#include "rundir/history.h"

// Parts of the page as markup; "" where a run has nothing of that kind.
namespace actlab::report {

// The network at a glance: a box a layer, coloured by what the verdicts say of it, with the size of its
// gradient.
std::string network_strip(const Run& run);

// Three charts that say most, each with its verdict in a word.
std::string vital_signs(const Run& run, const std::string& id, const Detail& detail);

}  // namespace actlab::report
