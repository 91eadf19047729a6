#pragma once

#include <string>

#include "report/detail.h"
#include "rundir/history.h"

// Parts of the page as markup; "" where a run has nothing of that kind.
namespace actlab::report {

std::string verdict_cards(const Run& run);
// `id` makes the names of charts unique on the page.
std::string diagnosis_section(const Run& run, const std::string& id, const Detail& detail);

}  // namespace actlab::report
