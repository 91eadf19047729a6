#include "compare/comparison.h"

#include <algorithm>
#include <cmath>

#include "compare/notes.h"
#include "core/random.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

constexpr int64_t kResamples = 10'000;

Scores accuracies(const std::vector<RunRecord>& runs) {
  Scores scores;
  for (const auto& run : runs) scores.push_back(run.divergence ? std::nullopt : run.test_accuracy);
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
  row.accuracy = summarize(present(accuracies(contender.runs)));
  row.loss = summarize(figures(contender.runs, &RunRecord::test_loss));
  row.seconds_per_epoch = mean(&RunRecord::seconds_per_epoch);
  row.dead = mean(&RunRecord::dead);
  row.saturated = mean(&RunRecord::saturated);
  row.diverged =
      std::ranges::count_if(contender.runs, [](const auto& run) { return run.divergence.has_value(); });
  row.runs = contender.runs;
  row.names = contender.names;
  return row;
}

bool better(const ComparisonRow& a, const ComparisonRow& b) {
  return a.accuracy.mean.value_or(-1) > b.accuracy.mean.value_or(-1);
}

// Of the rows, best first, the one to compare the others with: with few pairs left nothing could show, and
// the mean of those that did not diverge is that of the luckier runs.
std::optional<std::string> best_baseline(const std::vector<ComparisonRow>& rows) {
  const auto steadiest = std::ranges::min_element(rows, {}, &ComparisonRow::diverged);
  if (steadiest == rows.end() || !steadiest->accuracy.mean) return std::nullopt;
  return steadiest->activation;
}

void add_probabilities(Comparison& comparison) {
  std::vector<Scores> scores;
  for (const auto& row : comparison.rows) scores.push_back(accuracies(row.runs));
  const auto shares =
      probability_best(scores, kResamples, stream_seed(comparison.seeds.front(), "compare/resample"));
  for (size_t i = 0; i < shares.size(); ++i) comparison.rows[i].probability_best = shares[i];
}

void add_differences(Comparison& comparison) {
  const auto baseline = std::ranges::find(comparison.rows, *comparison.baseline, &ComparisonRow::activation);
  const Scores reference = accuracies(baseline->runs);
  std::vector<std::optional<double>> p_values;
  for (auto& row : comparison.rows) {
    if (row.activation != baseline->activation)
      row.difference = paired_difference(accuracies(row.runs), reference);
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

ordered_json runs_json(const ComparisonRow& row, const std::vector<int64_t>& seeds) {
  auto list = ordered_json::array();
  for (size_t i = 0; i < row.runs.size(); ++i) {
    const RunRecord& run = row.runs[i];
    ordered_json json = {{"seed", seeds[i]}, {"test_accuracy", nullptr}, {"test_loss", nullptr}};
    if (!run.divergence) {
      json["test_accuracy"] = or_null(run.test_accuracy);
      json["test_loss"] = or_null(run.test_loss);
    }
    json["epochs"] = run.epochs;
    json["diverged"] = run.divergence ? ordered_json(*run.divergence) : ordered_json(nullptr);
    json["run"] = row.names[i];
    list.push_back(std::move(json));
  }
  return list;
}

ordered_json row_json(const ComparisonRow& row, const std::vector<int64_t>& seeds) {
  ordered_json json = {{"activation", row.activation},
                       {"test_accuracy", to_json(row.accuracy)},
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
  json["diverged"] = row.diverged;
  json["runs"] = runs_json(row, seeds);
  return json;
}

}  // namespace

Comparison compare_runs(const std::vector<Contender>& contenders, const std::vector<int64_t>& seeds,
                        std::optional<size_t> baseline) {
  Comparison comparison;
  comparison.seeds = seeds;
  for (const auto& contender : contenders) comparison.rows.push_back(make_row(contender));
  std::ranges::stable_sort(comparison.rows, better);
  comparison.baseline_chosen_by_data = !baseline;
  comparison.baseline = baseline ? contenders[*baseline].activation : best_baseline(comparison.rows);
  add_probabilities(comparison);
  if (comparison.baseline) add_differences(comparison);
  comparison.notes = notes_on(comparison);
  return comparison;
}

ordered_json to_json(const Comparison& comparison) {
  auto rows = ordered_json::array();
  for (const auto& row : comparison.rows) rows.push_back(row_json(row, comparison.seeds));
  return {{"baseline", comparison.baseline ? ordered_json(*comparison.baseline) : ordered_json(nullptr)},
          {"baseline_chosen_by_data", comparison.baseline_chosen_by_data},
          {"seeds", comparison.seeds},
          {"rows", std::move(rows)},
          {"notes", comparison.notes}};
}

}  // namespace actlab
