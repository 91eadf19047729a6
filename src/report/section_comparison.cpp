#include "report/section_comparison.h"

#include <algorithm>
#include <cmath>

#include "plot/axis.h"
#include "plot/interval_chart.h"
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

// The figure without its " %", which follows later.
std::string bare(const Headline& headline, double value) {
  const std::string text = shown(headline, value);
  return headline.share ? text.substr(0, text.size() - 2) : text;
}

std::string interval(const Headline& headline, const Spread& spread) {
  if (!spread.low || !spread.high) return "–";
  return bare(headline, *spread.low) + " to " + shown(headline, *spread.high);
}

// A difference, of shares in points: "+0.31".
std::string points(const Headline& headline, double difference) {
  if (!std::isfinite(difference)) return "–";
  return (difference > 0 ? "+" : "") + bare(headline, difference);
}

// "98.11 ± 0.12 %"
std::string with_spread(const Headline& headline, const Spread& spread) {
  if (!std::isfinite(spread.mean) || !std::isfinite(spread.sd)) return shown(headline, spread.mean);
  return bare(headline, spread.mean) + " ± " + shown(headline, spread.sd);
}

std::string share(double value) {
  return std::isfinite(value) ? percent(value, 1) : "–";
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
                     std::to_string(comparison.seeds.size()) +
                     (comparison.seeds.size() == 1 ? " seed" : " seeds") + " of " +
                     figure(comparison.epochs, 9) + (comparison.epochs == 1 ? " epoch." : " epochs.");
  if (std::isfinite(best.probability_best))
    text += " It comes out on top in " + percent(best.probability_best, 0) + " of resamples of the seeds.";
  text += " The baseline is " + comparison.baseline +
          (comparison.baseline_chosen_by_data ? ", chosen by these same results, which favours it." : ".");
  return text;
}

std::string table_of(const Comparison& comparison, const std::vector<ComparisonRow>& rows) {
  const bool any_diverged =
      std::any_of(rows.begin(), rows.end(), [](const ComparisonRow& row) { return row.diverged > 0; });
  const Headline& headline = comparison.headline;
  std::vector<std::string> header = {"activation",    "test " + headline.name + " ± sd",
                                     "95 % interval", "difference",
                                     "95 % interval", "p (Holm)",
                                     "best in",       "s/epoch",
                                     "dead",          "saturated"};
  if (any_diverged) header.push_back("diverged");
  Table table(header);
  for (const auto& row : rows) {
    const Spread& difference = row.difference;
    const std::string reach = difference.low && difference.high ? points(headline, *difference.low) + " to " +
                                                                      points(headline, *difference.high)
                                                                : "–";
    const bool baseline = row.activation == comparison.baseline;
    std::vector<std::string> cells = {shorten(row.activation, 40) + (baseline ? " (baseline)" : ""),
                                      with_spread(headline, row.score),
                                      interval(headline, row.score),
                                      points(headline, difference.mean),
                                      reach,
                                      figure(row.p_holm, 2),
                                      share(row.probability_best),
                                      figure(row.seconds_per_epoch, 3),
                                      share(row.dead),
                                      share(row.saturated)};
    if (any_diverged) cells.push_back(figure(row.diverged, 9));
    table.add(cells, &row == &rows.front() && std::isfinite(row.score.mean));
  }
  return card("All figures",
              "Differences are to the baseline, paired by seed" +
                  (headline.share ? ", in points of " + headline.name : "") +
                  "; p-values are corrected for the number of comparisons.",
              table.html(), "wide");
}

std::string score_card(const Headline& headline, const std::vector<ComparisonRow>& rows) {
  IntervalChart chart{.percent = headline.share};
  for (const auto& row : rows) {
    Estimate& estimate = chart.rows.emplace_back();
    estimate.name = row.activation;
    estimate.mean = row.score.mean;
    // A t interval knows nothing of 0 and 100 %.
    if (row.score.low) estimate.low = headline.share ? std::max(0.0, *row.score.low) : *row.score.low;
    if (row.score.high) estimate.high = headline.share ? std::min(1.0, *row.score.high) : *row.score.high;
    for (const auto& run : row.runs) estimate.values.push_back(run.test_value);
  }
  return card("Test " + headline.name,
              "Mean and 95 % interval; the small dots are the single runs. The axis does not start at zero.",
              interval_chart(chart));
}

std::string difference_card(const Comparison& comparison, const std::vector<ComparisonRow>& rows) {
  const bool share = comparison.headline.share;
  const double scale = share ? 100 : 1;
  IntervalChart chart{.x_label = share ? "percentage points" : comparison.headline.name, .reference = 0.0};
  bool any = false;
  for (const auto& row : rows) {
    Estimate& estimate = chart.rows.emplace_back();
    estimate.name = row.activation;
    estimate.mean = row.activation == comparison.baseline ? std::nan("") : scale * row.difference.mean;
    if (row.difference.low) estimate.low = scale * *row.difference.low;
    if (row.difference.high) estimate.high = scale * *row.difference.high;
    any = any || std::isfinite(estimate.mean);
  }
  if (!any) return "";
  return card(
      "Difference to " + comparison.baseline,
      "Paired by seed, with its 95 % interval: one that leaves out zero is more than the luck of the seeds.",
      interval_chart(chart));
}

}  // namespace

std::string comparison_section(const Comparison& comparison) {
  const auto rows = ranked(comparison);
  std::string html = paragraph(lead(comparison, rows), "lead");
  if (!rows.empty()) {
    html += grid(score_card(comparison.headline, rows) + difference_card(comparison, rows) +
                 table_of(comparison, rows));
  }
  for (const auto& note : comparison.notes) html += paragraph(note, "note");
  return html;
}

}  // namespace actlab::report
