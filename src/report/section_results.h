#pragma once

#include <string>

#include "report/detail.h"
#include "rundir/history.h"

// Parts of the page as markup; "" where a run has nothing of that kind.
namespace actlab::report {

// What the model got right and wrong on the test data.
std::string results_section(const Run& run, const std::string& id, const Detail& detail);

}  // namespace actlab::report
