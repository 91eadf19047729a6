#include "compare/notes.h"

#include <algorithm>

#include "core/text.h"

namespace actlab {
namespace {

std::string points(const Headline& headline, double difference) {
  return headline.share ? formatted("%.2f points", 100 * difference) : formatted("%.4f", difference);
}

bool tested(const ComparisonRow& row) {
  return row.p_holm && row.difference->difference.sd.value_or(0) > 0;
}

void note_divergence(const Comparison& comparison, std::vector<std::string>& notes) {
  for (const auto& row : comparison.rows) {
    if (row.diverged == 0) continue;
    const std::string count =
        std::to_string(row.diverged) + " of " + std::to_string(row.runs.size()) + " runs";
    notes.push_back(row.activation + ": " + count + " diverged" +
                    (row.score.mean ? "; its figures are those of the others, which flatters it."
                                    : ", so it has no figures."));
  }
}

// What an interval of a difference costs with so few pairs.
void note_few_seeds(const Comparison& comparison, std::vector<std::string>& notes) {
  const int64_t seeds = std::ssize(comparison.seeds);
  if (seeds == 1) {
    notes.push_back(
        "One seed cannot tell a better activation from a luckier one: there are no intervals and no tests. "
        "Give "
        "--seeds 5 or more.");
  } else if (comparison.seeds.size() < kFewestSeedsToRank) {
    notes.push_back(std::to_string(seeds) +
                    " seeds are too few to rank activations: the interval of a difference reaches " +
                    formatted("%.1f", smallest_significant(1, seeds, 1)) +
                    " standard deviations to either side (with --seeds 5 it would be " +
                    formatted("%.1f", smallest_significant(1, 5, 1)) +
                    "), so no intervals are shown and the order of the rows means little.");
  } else if (seeds <= 3 && std::ranges::any_of(comparison.rows, tested)) {
    notes.push_back("With " + std::to_string(seeds) + " seeds, the interval of a difference reaches " +
                    formatted("%.1f", smallest_significant(1, seeds, 1)) +
                    " standard deviations to either side (with --seeds 5 it would be " +
                    formatted("%.1f", smallest_significant(1, 5, 1)) +
                    "): only large and steady differences can show.");
  }
}

// Where nothing is significant: what could have been, which is no proof that there is nothing.
void note_power(const Comparison& comparison, std::vector<std::string>& notes) {
  if (std::ranges::none_of(comparison.rows, tested)) return;
  // All that Holm's correction counts.
  const auto tests =
      std::ranges::count_if(comparison.rows, [](const auto& row) { return row.p_holm.has_value(); });
  const ComparisonRow* sharpest = nullptr;
  const ComparisonRow* bluntest = nullptr;
  const auto limit = [&](const ComparisonRow& row) {
    return smallest_significant(*row.difference->difference.sd, row.difference->pairs, tests);
  };
  for (const auto& row : comparison.rows) {
    if (!tested(row)) continue;
    if (*row.p_holm < kAlpha) return;
    if (sharpest == nullptr || limit(row) < limit(*sharpest)) sharpest = &row;
    if (bluntest == nullptr || limit(row) > limit(*bluntest)) bluntest = &row;
  }
  std::string text = "No difference to " + *comparison.baseline +
                     " is significant at 5 % after Holm's correction. To show in these runs, one had to be " +
                     points(comparison.headline, limit(*sharpest)) + " (" + sharpest->activation + ")";
  if (bluntest != sharpest)
    text += " to " + points(comparison.headline, limit(*bluntest)) + " (" + bluntest->activation + ")";
  notes.push_back(text + "; smaller ones may be there all the same, and more seeds would show them.");
}

void note_no_spread(const Comparison& comparison, std::vector<std::string>& notes) {
  for (const auto& row : comparison.rows) {
    if (!row.difference || row.difference->pairs < 2 || row.difference->difference.sd.value_or(1) > 0)
      continue;
    notes.push_back(row.activation + " differs from " + *comparison.baseline +
                    " by the same for every seed, so nothing tells how that difference would spread.");
  }
}

void note_baseline(const Comparison& comparison, std::vector<std::string>& notes) {
  if (!comparison.baseline_chosen_by_data || !comparison.baseline || comparison.rows.size() < 2) return;
  notes.push_back("The data chose the baseline, " + *comparison.baseline +
                  ": it is the best of these very runs, so differences to it look larger than they are. "
                  "--baseline names one beforehand.");
}

}  // namespace

std::vector<std::string> notes_on(const Comparison& comparison) {
  std::vector<std::string> notes;
  note_divergence(comparison, notes);
  note_few_seeds(comparison, notes);
  note_power(comparison, notes);
  note_no_spread(comparison, notes);
  note_baseline(comparison, notes);
  return notes;
}

}  // namespace actlab
