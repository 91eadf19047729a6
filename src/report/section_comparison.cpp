#include "report/section_comparison.h"

#include <algorithm>
#include <cmath>

#include "plot/axis.h"
#include "plot/decimate.h"
#include "plot/interval_chart.h"
#include "plot/plot.h"
#include "plot/svg.h"
#include "report/html.h"

namespace actlab::report {
namespace {

// By mean, the best first; what diverged is last.
std::vector<ComparisonRow> ranked(const Comparison& comparison) {
  auto rows = comparison.rows;
  const double sign = comparison.headline.larger_is_better ? 1 : -1;
  const auto key = [&](const ComparisonRow& row) {
    return std::isfinite(row.score.mean) ? sign * row.score.mean : -std::numeric_limits<double>::infinity();
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const ComparisonRow& a, const ComparisonRow& b) { return key(a) > key(b); });
  return rows;
}

bool ranks(const Comparison& comparison) {
  return comparison.seeds.size() >= kFewestSeedsToRank;
}

// As the terminal has it.
std::string with_interval(const Comparison& comparison, const Spread& spread, bool with_sign = false) {
  if (!std::isfinite(spread.mean)) return "–";
  std::optional<double> half;
  if (spread.low && spread.high && ranks(comparison)) half = (*spread.high - *spread.low) / 2;
  return mean_text(comparison.headline, spread.mean, half, with_sign);
}

std::string share(double value) {
  return std::isfinite(value) ? percent(value, 1) : "–";
}

// A flag such as --baseline stays in one piece at the end of a line.
std::string note_html(const std::string& note) {
  std::string html;
  for (size_t begin = 0; begin < note.size();) {
    const size_t end = std::min(note.find(' ', begin), note.size());
    const std::string word = escape(note.substr(begin, end - begin));
    html += (begin == 0 ? "" : " ") +
            (word.starts_with("--") ? "<span class=\"flag\">" + word + "</span>" : word);
    begin = end + 1;
  }
  return "<p class=\"note\">" + html + "</p>\n";
}

std::string lead(const Comparison& comparison, const std::vector<ComparisonRow>& rows) {
  if (rows.empty()) return "No activation has a result yet.";
  if (!std::isfinite(rows[0].score.mean)) {
    return std::ranges::any_of(rows, [](const ComparisonRow& row) { return row.diverged > 0; })
               ? "All runs diverged: there is nothing to compare."
               : "No activation has a result yet.";
  }
  const ComparisonRow& best = rows[0];
  const Headline& headline = comparison.headline;
  std::string text = best.activation + " has the " + (headline.larger_is_better ? "highest" : "lowest") +
                     " mean test " + headline.name + ", " + shown(headline, best.score.mean) + ", over " +
                     counted(static_cast<double>(comparison.seeds.size()), "seed") + " of " +
                     counted(comparison.epochs, "epoch") + ".";
  if (!ranks(comparison)) {
    text += " That ranks nothing: " + counted(static_cast<double>(comparison.seeds.size()), "seed") +
            " cannot tell a better activation from a luckier one; --seeds 5 could.";
  } else if (std::isfinite(best.probability_best)) {
    text += " It comes out on top in " + percent(best.probability_best, 0) + " of resamples of the seeds.";
  }
  return text + " The baseline is " + comparison.baseline +
         (comparison.baseline_chosen_by_data ? ", chosen by these same results, which favours it." : ".");
}

std::string table_of(const Comparison& comparison, const std::vector<ComparisonRow>& rows) {
  const bool any_diverged =
      std::any_of(rows.begin(), rows.end(), [](const ComparisonRow& row) { return row.diverged > 0; });
  const bool any_off = std::ranges::any_of(rows, [](const auto& row) { return std::isfinite(row.off); });
  const Headline& headline = comparison.headline;
  const bool ranked = ranks(comparison);
  std::vector<std::string> header = {"activation", "test " + headline.name + (headline.share ? " %" : ""),
                                     "difference", "p (Holm)",
                                     "best in",    "s/epoch",
                                     "dead",       "saturated"};
  if (any_off) header.emplace_back("off");
  if (any_diverged) header.emplace_back("diverged");
  Table table(header);
  for (const auto& row : rows) {
    const bool baseline = row.activation == comparison.baseline;
    std::vector<std::string> cells = {shorten(row.activation, 40) + (baseline ? " (baseline)" : ""),
                                      with_interval(comparison, row.score),
                                      baseline ? "–" : with_interval(comparison, row.difference, true),
                                      ranked ? figure(row.p_holm, 2) : "–",
                                      ranked ? share(row.probability_best) : "–",
                                      figure(row.seconds_per_epoch, 3),
                                      share(row.dead),
                                      share(row.saturated)};
    if (any_off) cells.push_back(share(row.off));
    if (any_diverged) cells.push_back(figure(row.diverged, 9));
    table.add(cells, ranked && &row == &rows.front() && std::isfinite(row.score.mean));
  }
  const std::string meaning =
      ranked ? "± is half the 95 % interval. Differences are to the baseline, paired by seed" +
                   std::string(headline.share ? ", in points of " + headline.name : "") +
                   "; p-values are corrected for the number of comparisons."
             : "Means alone: intervals, tests and a ranking begin at " + std::to_string(kFewestSeedsToRank) +
                   " seeds.";
  const std::string shares =
      std::string(" Dead units answer all examined examples alike; others might wake them") +
      (any_off ? "; off is where a piecewise linear activation is flat by design." : ".");
  return card("All figures", meaning + shares, table.html(), "wide");
}

// The functions that are compared, in the colours of the charts below.
std::string shapes_of(const std::vector<ComparisonRow>& rows, const std::vector<Group>& groups) {
  constexpr size_t kMostShapes = 16;
  constexpr double kReach = 4;
  std::string html;
  for (size_t i = 0; i < std::min(rows.size(), kMostShapes); ++i) {
    const auto group = std::ranges::find(groups, rows[i].activation, &Group::name);
    if (group == groups.end() || group->runs.empty() || group->runs.front()->activations.empty()) continue;
    const ActivationCurve& curve = group->runs.front()->activations.front();
    if (curve.x.empty()) continue;
    const Series value = {.name = "f", .x = curve.x, .y = curve.y, .color = static_cast<int>(i)};
    const Series slope = {
        .name = "f'", .x = curve.x, .y = curve.slope, .color = static_cast<int>(i), .dashed = true};
    html += card(rows[i].activation, "",
                 line_chart({.x = {.low = -kReach, .high = kReach},
                             .y = {.low = -1.5, .high = 2.0},
                             .series = {decimated(value, 160), decimated(slope, 160)},
                             .end_labels = true,
                             .width = 220,
                             .height = 130}));
  }
  return html.empty() ? "" : "<div class=\"grid tiny\">" + html + "</div>\n";
}

// What accuracy costs: a point an activation.
std::string cost_card(const Headline& headline, const std::vector<ComparisonRow>& rows) {
  LineChart chart{.x = {.label = "seconds an epoch"},
                  .y = {.label = "test " + headline.name, .percent = headline.share},
                  .end_labels = true,
                  .height = 320,
                  .id = "cost"};
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!std::isfinite(rows[i].seconds_per_epoch) || !std::isfinite(rows[i].score.mean)) continue;
    chart.series.push_back({.name = rows[i].activation,
                            .x = {rows[i].seconds_per_epoch},
                            .y = {rows[i].score.mean},
                            .color = static_cast<int>(i)});
  }
  if (chart.series.size() < 2) return "";
  return card("Time against " + headline.name, "Up and to the left is better.", line_chart(chart));
}

std::string score_card(const Comparison& comparison, const std::vector<ComparisonRow>& rows) {
  const Headline& headline = comparison.headline;
  const bool ranked = ranks(comparison);
  IntervalChart chart{.percent = headline.share};
  for (const auto& row : rows) {
    Estimate& estimate = chart.rows.emplace_back();
    estimate.name = row.activation;
    estimate.mean = row.score.mean;
    // A t interval knows nothing of 0 and 100 %.
    if (ranked && row.score.low)
      estimate.low = headline.share ? std::max(0.0, *row.score.low) : *row.score.low;
    if (ranked && row.score.high)
      estimate.high = headline.share ? std::min(1.0, *row.score.high) : *row.score.high;
    for (const auto& run : row.runs) estimate.values.push_back(run.test_value);
  }
  return card(
      "Test " + headline.name,
      ranked ? "Mean and 95 % interval; the small dots are the single runs. The axis does not start at zero."
             : "Mean, and the single runs as small dots. The axis does not start at zero.",
      interval_chart(chart));
}

std::string difference_card(const Comparison& comparison, const std::vector<ComparisonRow>& rows) {
  const bool share = comparison.headline.share;
  const double scale = share ? 100 : 1;
  IntervalChart chart{.x_label = share ? "percentage points" : comparison.headline.name, .reference = 0.0};
  bool any = false;
  const bool ranked = ranks(comparison);
  for (const auto& row : rows) {
    Estimate& estimate = chart.rows.emplace_back();
    estimate.name = row.activation;
    estimate.mean = row.activation == comparison.baseline ? std::nan("") : scale * row.difference.mean;
    if (ranked && row.difference.low) estimate.low = scale * *row.difference.low;
    if (ranked && row.difference.high) estimate.high = scale * *row.difference.high;
    any = any || std::isfinite(estimate.mean);
  }
  if (!any) return "";
  return card("Difference to " + comparison.baseline,
              ranked ? "Paired by seed, with its 95 % interval: one that leaves out zero is more than the "
                       "luck of the seeds."
                     : "Paired by seed.",
              interval_chart(chart));
}

}  // namespace

std::string comparison_section(const Comparison& comparison, const std::vector<Group>& groups) {
  const auto rows = ranked(comparison);
  std::string html = paragraph(lead(comparison, rows), "lead");
  if (!rows.empty()) {
    html += shapes_of(rows, groups) + grid(score_card(comparison, rows) + difference_card(comparison, rows) +
                                           table_of(comparison, rows) + cost_card(comparison.headline, rows));
  }
  for (const auto& note : comparison.notes) html += note_html(note);
  return html;
}

}  // namespace actlab::report
