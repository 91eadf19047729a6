#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace actlab {

// Statistics of a few repetitions. What is undefined (the spread of one value, a test without spread) is
// nullopt, never a number that looks like knowledge.

// Of intervals and tests: 95 % and p < 0.05.
inline constexpr double kAlpha = 0.05;

struct ConfidenceInterval {
  double low = 0;
  double high = 0;
};

// `ci95` is the 95 % interval of the mean, mean +- t(0.975, n - 1) sd / sqrt(n) (Student 1908). Values that
// are all equal, rounding aside, have sd 0 and no interval: one of no width would claim certainty.
struct Summary {
  std::optional<double> mean;
  std::optional<double> sd;  // divided by n - 1
  std::optional<ConfidenceInterval> ci95;
};
Summary summarize(std::span<const double> values);

// What one activation reached, an entry a seed; nullopt where that run has no figure.
using SeedScores = std::vector<std::optional<double>>;

// The values that are there.
std::vector<double> present(const SeedScores& scores);

// a - b over the seeds that both have: the paired t test (Student 1908), two-sided.
struct PairedDifference {
  int64_t pairs = 0;
  Summary difference;
  // With no spread: 1 where nothing differs at all, otherwise nullopt.
  std::optional<double> p;
};
PairedDifference paired_difference(const SeedScores& a, const SeedScores& b);

// P-values corrected for being several (Holm 1979, "A simple sequentially rejective multiple test procedure",
// as adjusted values: the running maximum of (m - i) p(i) over the sorted ones, at most 1). Those that are
// nullopt stay so and do not count.
std::vector<std::optional<double>> holm(const std::vector<std::optional<double>>& p_values);

// The smallest mean difference that the paired t test finds significant at 5 % after the strictest of Holm's
// `tests` corrections, given the differences' sd: t(1 - 0.05 / (2 tests), pairs - 1) sd / sqrt(pairs).
// Needs pairs >= 2, tests >= 1.
double smallest_significant(double sd, int64_t pairs, int64_t tests);

// For each activation the share of bootstrap resamples of the seeds (Efron 1979) in which its mean score is
// the highest; ties share. Each resample draws the same seeds for all activations, as their runs are paired.
// An activation without any score among the drawn seeds cannot be best there. All nullopt with one seed, for
// which every resample is the same. `scores` all of one length; deterministic in `seed`.
std::vector<std::optional<double>> probability_best(const std::vector<SeedScores>& scores, int64_t resamples,
                                                    uint64_t seed);

}  // namespace actlab
