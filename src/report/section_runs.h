#pragma once

#include <string>
#include <vector>

#include "rundir/history.h"

// Parts of the page as markup; "" where a run has nothing of that kind.
namespace actlab::report {

// Several runs side by side: a table, and the settings that differ.
std::string overview_section(const std::vector<Run>& runs);
std::string differences_section(const std::vector<Run>& runs);

std::string config_section(const Run& run);
std::string machine_section(const Run& run);

}  // namespace actlab::report
