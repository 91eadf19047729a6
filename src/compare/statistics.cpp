#include "compare/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "core/random.h"

namespace actlab {
namespace {

// Differences of figures that are equal on paper: 0.93 - 0.92 against 0.57 - 0.56.
constexpr double kRounding = 1e-12;

double largest_magnitude(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

// The t below which all but `beyond` of the distribution lies.
double t_quantile(double beyond, int64_t degrees) {
  const boost::math::students_t distribution(static_cast<double>(degrees));
  return boost::math::quantile(boost::math::complement(distribution, beyond));
}

double two_sided_p(double t, int64_t degrees) {
  const boost::math::students_t distribution(static_cast<double>(degrees));
  return 2 * boost::math::cdf(boost::math::complement(distribution, std::abs(t)));
}

// `scale` is the size of the figures that the values were computed from.
Summary summarize(std::span<const double> values, double scale) {
  Summary summary;
  if (values.empty()) return summary;
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  summary.mean = mean;
  if (values.size() < 2) return summary;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double sd = std::sqrt(squares / (n - 1));
  summary.sd = sd <= kRounding * scale ? 0 : sd;
  if (*summary.sd == 0) return summary;
  const double half = t_quantile(kAlpha / 2, std::ssize(values) - 1) * sd / std::sqrt(n);
  summary.ci95 = ConfidenceInterval{mean - half, mean + half};
  return summary;
}

// The mean score over the drawn seeds; nullopt when none of them has one.
std::optional<double> resampled_mean(const SeedScores& scores, const std::vector<size_t>& drawn) {
  double sum = 0;
  int64_t count = 0;
  for (const size_t i : drawn) {
    if (!scores[i]) continue;
    sum += *scores[i];
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

// Adds 1 to the win of the highest mean, or equal parts of it to those that share it.
void award(const std::vector<std::optional<double>>& means, std::vector<double>& wins) {
  std::optional<double> best;
  for (const auto& mean : means) {
    if (mean && (!best || *mean > *best)) best = mean;
  }
  if (!best) return;
  const double least = *best - kRounding * std::abs(*best);
  const auto wins_share = [&](const std::optional<double>& mean) { return mean && *mean >= least; };
  const auto winners = std::count_if(means.begin(), means.end(), wins_share);
  for (size_t i = 0; i < means.size(); ++i) {
    if (wins_share(means[i])) wins[i] += 1.0 / static_cast<double>(winners);
  }
}

}  // namespace

Summary summarize(std::span<const double> values) {
  return summarize(values, largest_magnitude(values));
}

std::vector<double> present(const SeedScores& scores) {
  std::vector<double> values;
  for (const auto& score : scores) {
    if (score) values.push_back(*score);
  }
  return values;
}

PairedDifference paired_difference(const SeedScores& a, const SeedScores& b) {
  std::vector<double> differences;
  double scale = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (!a[i] || !b[i]) continue;
    differences.push_back(*a[i] - *b[i]);
    scale = std::max({scale, std::abs(*a[i]), std::abs(*b[i])});
  }
  PairedDifference result{std::ssize(differences), summarize(differences, scale), std::nullopt};
  const Summary& difference = result.difference;
  if (!difference.sd) return result;
  if (*difference.sd > 0) {
    const double error = *difference.sd / std::sqrt(static_cast<double>(result.pairs));
    result.p = two_sided_p(*difference.mean / error, result.pairs - 1);
  } else if (largest_magnitude(differences) <= kRounding * scale) {
    result.p = 1;
  }
  return result;
}

std::vector<std::optional<double>> holm(const std::vector<std::optional<double>>& p_values) {
  std::vector<size_t> order;
  for (size_t i = 0; i < p_values.size(); ++i) {
    if (p_values[i]) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](size_t i) { return *p_values[i]; });
  std::vector<std::optional<double>> adjusted(p_values.size());
  double highest = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    highest = std::max(highest, static_cast<double>(order.size() - i) * *p_values[order[i]]);
    adjusted[order[i]] = std::min(highest, 1.0);
  }
  return adjusted;
}

double smallest_significant(double sd, int64_t pairs, int64_t tests) {
  const double beyond = kAlpha / 2 / static_cast<double>(tests);
  return t_quantile(beyond, pairs - 1) * sd / std::sqrt(static_cast<double>(pairs));
}

std::vector<std::optional<double>> probability_best(const std::vector<SeedScores>& scores, int64_t resamples,
                                                    uint64_t seed) {
  std::vector<std::optional<double>> shares(scores.size());
  const size_t seeds = scores.empty() ? 0 : scores[0].size();
  if (seeds < 2) return shares;
  SplitMix64 random(seed);
  std::vector<double> wins(scores.size());
  std::vector<size_t> drawn(seeds);
  std::vector<std::optional<double>> means(scores.size());
  for (int64_t i = 0; i < resamples; ++i) {
    for (auto& index : drawn) index = random.below(seeds);
    std::ranges::transform(scores, means.begin(),
                           [&](const SeedScores& each) { return resampled_mean(each, drawn); });
    award(means, wins);
  }
  for (size_t i = 0; i < wins.size(); ++i) shares[i] = wins[i] / static_cast<double>(resamples);
  return shares;
}

}  // namespace actlab
