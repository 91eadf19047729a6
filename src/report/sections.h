#pragma once

#include <string>
#include <vector>

#include "rundir/comparison.h"
#include "rundir/history.h"

// The parts of the page, each as markup; "" where a run has nothing of that kind.
namespace actlab::report {

// How much is shown, so that the page stays small.
struct Detail {
  size_t points = 1500;  // of a line
  size_t cells = 4000;   // of a heat map
  size_t mistakes = 24;
  int picture = 64;  // longest side in pixels

  Detail halved() const { return {points / 2, cells / 2, mistakes / 2, picture / 2}; }
};

// `id` makes the names of charts unique on the page: "r0".
std::string summary_section(const Run& run, const std::string& id, const Detail& detail);
std::string curves_section(const Run& run, const std::string& id, const Detail& detail);
std::string headline_curves(const Run& run, const std::string& id,
                            const Detail& detail);  // loss and accuracy
std::string results_section(const Run& run, const std::string& id, const Detail& detail);
std::string activations_section(const Run& run, const std::string& id, const Detail& detail);
std::string diagnosis_section(const Run& run, const Detail& detail);
std::string config_section(const Run& run);
std::string machine_section(const Run& run);

// One sentence or two: what was trained, how well it does, what was found.
std::string in_plain_words(const Run& run);
std::string stats_of(const Run& run);
std::string verdict_cards(const Run& run);

// Several runs side by side: a table, and the settings that differ.
std::string overview_section(const std::vector<Run>& runs);
std::string differences_section(const std::vector<Run>& runs);

// Curves of many runs in one chart: runs of one group as their mean with a band from the least to the
// greatest.
struct Group {
  std::string name;
  std::vector<const Run*> runs;
};
std::string overlaid_curves(const std::vector<Group>& groups, const Detail& detail);

std::string comparison_section(const Comparison& comparison);

}  // namespace actlab::report
