#pragma once

#include <string>
#include <vector>

#include "report/detail.h"
#include "rundir/history.h"

// Parts of the page as markup; "" where a run has nothing of that kind.
namespace actlab::report {

// `id` makes the names of charts unique on the page: "r0".
std::string curves_section(const Run& run, const std::string& id, const Detail& detail);
// Loss and headline.
std::string headline_curves(const Run& run, const std::string& id, const Detail& detail);

// Curves of many runs in one chart: runs of one group as their mean with a band from the least to the
// greatest.
struct Group {
  std::string name;
  std::vector<const Run*> runs;
};
std::string overlaid_curves(const std::vector<Group>& groups, const Detail& detail);

}  // namespace actlab::report
