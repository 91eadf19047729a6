#include "compare/comparison.h"

#include <algorithm>
#include <cmath>

#include "compare/notes.h"
#include "core/random.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

constexpr int64_t kResamples = 10'000;

SeedScores values_of(const std::vector<RunRecord>& runs) {
  SeedScores scores;
  for (const auto& run : runs) scores.push_back(run.divergence ? std::nullopt : run.test_value);
  return scores;
}

// Of a figure over the runs that have it and did not diverge.
std::vector<double> figures(const std::vector<RunRecord>& runs, std::optional<double> RunRecord::*figure) {
  std::vector<double> values;
  for (const auto& run : runs) {
    if (!run.divergence && run.*figure) values.push_back(*(run.*figure));
  }
  return values;
}

ComparisonRow make_row(const Contender& contender) {
  const auto mean = [&](auto figure) { return summarize(figures(contender.runs, figure)).mean; };
  ComparisonRow row;
  row.activation = contender.activation;
  row.score = summarize(present(values_of(contender.runs)));
  row.loss = summarize(figures(contender.runs, &RunRecord::test_loss));
  row.seconds_per_epoch = mean(&RunRecord::seconds_per_epoch);
  row.dead = mean(&RunRecord::dead);
  row.saturated = mean(&RunRecord::saturated);
  row.off = mean(&RunRecord::off);
  row.diverged =
      std::ranges::count_if(contender.runs, [](const auto& run) { return run.divergence.has_value(); });
  row.runs = contender.runs;
  row.names = contender.names;
  return row;
}

// Best mean first, none last.
void rank(std::vector<ComparisonRow>& rows, const Headline& headline) {
  std::ranges::stable_sort(rows, [&](const ComparisonRow& a, const ComparisonRow& b) {
    if (!a.score.mean || !b.score.mean) return a.score.mean.has_value() && !b.score.mean;
    return headline.larger_is_better ? *a.score.mean > *b.score.mean : *a.score.mean < *b.score.mean;
  });
}

// That of the first run that has ended; all have the same.
Headline headline_of(const std::vector<Contender>& contenders) {
  for (const auto& contender : contenders) {
    for (const auto& run : contender.runs) {
      if (run.test_value) return run.headline;
    }
  }
  return {};
}

// Of the rows, best first, the one to compare the others with: with few pairs left nothing could show, and
// the mean of those that did not diverge is that of the luckier runs.
std::optional<std::string> best_baseline(const std::vector<ComparisonRow>& rows) {
  const auto steadiest = std::ranges::min_element(rows, {}, &ComparisonRow::diverged);
  if (steadiest == rows.end() || !steadiest->score.mean) return std::nullopt;
  return steadiest->activation;
}

void add_probabilities(Comparison& comparison) {
  std::vector<SeedScores> scores;
  for (const auto& row : comparison.rows) {
    auto& values = scores.emplace_back(values_of(row.runs));
    if (comparison.headline.larger_is_better) continue;
    for (auto& value : values) value = value ? std::optional(-*value) : value;
  }
  const auto shares =
      probability_best(scores, kResamples, stream_seed(comparison.seeds.front(), "compare/resample"));
  for (size_t i = 0; i < shares.size(); ++i) comparison.rows[i].probability_best = shares[i];
}

void add_differences(Comparison& comparison) {
  const auto baseline = std::ranges::find(comparison.rows, *comparison.baseline, &ComparisonRow::activation);
  const SeedScores reference = values_of(baseline->runs);
  std::vector<std::optional<double>> p_values;
  for (auto& row : comparison.rows) {
    if (row.activation != baseline->activation)
      row.difference = paired_difference(values_of(row.runs), reference);
    p_values.push_back(row.difference ? row.difference->p : std::nullopt);
  }
  const auto adjusted = holm(p_values);
  for (size_t i = 0; i < adjusted.size(); ++i) comparison.rows[i].p_holm = adjusted[i];
}

ordered_json or_null(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json or_null(const std::optional<ConfidenceInterval>& interval) {
  return interval ? ordered_json{or_null(interval->low), or_null(interval->high)} : ordered_json(nullptr);
}

ordered_json to_json(const Summary& summary) {
  return {{"mean", or_null(summary.mean)}, {"sd", or_null(summary.sd)}, {"ci95", or_null(summary.ci95)}};
}

ordered_json runs_json(const ComparisonRow& row, const Comparison& comparison) {
  const std::string key = "test_" + comparison.headline.name;
  auto list = ordered_json::array();
  for (size_t i = 0; i < row.runs.size(); ++i) {
    const RunRecord& run = row.runs[i];
    ordered_json json = {{"seed", comparison.seeds[i]}, {key, nullptr}, {"test_loss", nullptr}};
    if (!run.divergence) {
      json[key] = or_null(run.test_value);
      json["test_loss"] = or_null(run.test_loss);
    }
    json["epochs"] = run.epochs;
    json["diverged"] = run.divergence ? ordered_json(*run.divergence) : ordered_json(nullptr);
    json["run"] = row.names[i];
    list.push_back(std::move(json));
  }
  return list;
}

ordered_json row_json(const ComparisonRow& row, const Comparison& comparison) {
  ordered_json json = {{"activation", row.activation},
                       {"test_" + comparison.headline.name, to_json(row.score)},
                       {"test_loss", to_json(row.loss)},
                       {"difference", nullptr}};
  if (row.difference && row.difference->difference.mean) {
    json["difference"] = {{"mean", or_null(row.difference->difference.mean)},
                          {"ci95", or_null(row.difference->difference.ci95)}};
  }
  json["p_holm"] = or_null(row.p_holm);
  json["probability_best"] = or_null(row.probability_best);
  json["seconds_per_epoch"] = or_null(row.seconds_per_epoch);
  json["dead"] = or_null(row.dead);
  json["saturated"] = or_null(row.saturated);
  json["off"] = or_null(row.off);
  json["diverged"] = row.diverged;
  json["runs"] = runs_json(row, comparison);
  return json;
}

}  // namespace

Comparison compare_runs(const std::vector<Contender>& contenders, const std::vector<int64_t>& seeds,
                        std::optional<size_t> baseline) {
  Comparison comparison;
  comparison.seeds = seeds;
  for (const auto& contender : contenders) comparison.rows.push_back(make_row(contender));
  comparison.headline = headline_of(contenders);
  rank(comparison.rows, comparison.headline);
  comparison.baseline_chosen_by_data = !baseline;
  comparison.baseline = baseline ? contenders[*baseline].activation : best_baseline(comparison.rows);
  add_probabilities(comparison);
  if (comparison.baseline) add_differences(comparison);
  comparison.notes = notes_on(comparison);
  return comparison;
}

ordered_json to_json(const Comparison& comparison) {
  auto rows = ordered_json::array();
  for (const auto& row : comparison.rows) rows.push_back(row_json(row, comparison));
  return {{"baseline", comparison.baseline ? ordered_json(*comparison.baseline) : ordered_json(nullptr)},
          {"baseline_chosen_by_data", comparison.baseline_chosen_by_data},
          {"headline", to_json(comparison.headline)},
          {"seeds", comparison.seeds},
          {"rows", std::move(rows)},
          {"notes", comparison.notes}};
}

}  // namespace actlab
