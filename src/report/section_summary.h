#pragma once

#include <string>

#include "report/detail.h"
#include "rundir/history.h"

// Parts of the page as markup; "" where a run has nothing of that kind.
namespace actlab::report {

// One sentence or two: what was trained, how well it does, what was found.
std::string in_plain_words(const Run& run);
std::string stats_of(const Run& run);

// The words, the figures, the verdicts and the curves that matter most. `id` makes the names of charts unique
// on the page: "r0".
std::string summary_section(const Run& run, const std::string& id, const Detail& detail);

}  // namespace actlab::report
