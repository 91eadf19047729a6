#include "report/section_curves.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/nan.h"
#include "plot/axis.h"
#include "plot/decimate.h"
#include "plot/plot.h"
#include "report/html.h"

namespace actlab::report {
namespace {

constexpr double kSpanForLog = 30;  // from the least to the greatest value

Series column(const Columns& columns, const std::string& x, const std::string& y, const std::string& name,
              const Detail& detail) {
  return decimated({.name = name, .x = columns[x], .y = columns[y]}, detail.points);
}

// A logarithmic axis where the values, all positive, lie far apart.
bool far_apart(const std::vector<Series>& series) {
  double least = std::numeric_limits<double>::infinity();
  double greatest = 0;
  for (const auto& one : series) {
    for (const double y : one.y) {
      if (!std::isfinite(y)) continue;
      least = std::min(least, y);
      greatest = std::max(greatest, y);
    }
  }
  return least > 0 && greatest > kSpanForLog * least;
}

std::string chart_card(const std::string& title, const std::string& hint, LineChart chart) {
  chart.y.log = chart.y.log || (!chart.y.percent && far_apart(chart.series));
  return card(title, hint + (chart.y.log ? " Logarithmic." : ""), line_chart(chart));
}

// Exponential mean over about `window` steps, begun with a plain mean so that it does not lean towards the
// first value.
std::vector<double> smoothed(const std::vector<double>& values, double window) {
  std::vector<double> out;
  double mean = 0;
  double weight = 0;
  const double keep = 1 - 1 / std::max(window, 1.0);
  for (const double value : values) {
    if (std::isfinite(value)) {
      mean = keep * mean + (1 - keep) * value;
      weight = keep * weight + (1 - keep);
    }
    out.push_back(std::isfinite(value) ? mean / weight : kNaN);
  }
  return out;
}

// The width of the smoothing: a fiftieth of the run.
double window_of(const Columns& steps) {
  return std::max(1.0, static_cast<double>(steps.rows) / 50);
}

// Of one epoch there is no curve; its steps have one.
bool has_curves(const Run& run) {
  return run.epochs.rows > 1;
}

// The epoch whose weights are kept, where it is not just the last.
std::vector<std::pair<double, std::string>> best_epoch(const Run& run) {
  const double best = number(run.summary, "best_epoch");
  if (!(best >= 1) || !run.epochs.has("validation_loss")) return {};
  return {{best, "best"}};
}

std::string loss_card(const Run& run, const std::string& id, const Detail& detail) {
  std::vector<Series> series = {column(run.epochs, "epoch", "train_loss", "training", detail)};
  if (run.epochs.has("validation_loss"))
    series.push_back(column(run.epochs, "epoch", "validation_loss", "validation", detail));
  return chart_card("Loss", "By epoch; training is the mean over the epoch's steps.",
                    {.x = {.label = "epoch", .whole = true},
                     .series = series,
                     .marks = best_epoch(run),
                     .id = id + "-loss"});
}

std::string headline_card(const Run& run, const std::string& id, const Detail& detail) {
  if (!run.epochs.has(run.validation_column())) return "";
  std::vector<Series> series = {column(run.epochs, "epoch", run.validation_column(), "validation", detail)};
  const std::string training = "train_" + run.headline.name;
  if (run.epochs.has(training)) series.push_back(column(run.epochs, "epoch", training, "training", detail));
  return chart_card(titled(run.headline),
                    run.headline.name == "accuracy"
                        ? "Share of the validation examples that are classified right."
                        : "On the validation examples.",
                    {.x = {.label = "epoch", .whole = true},
                     .y = {.percent = run.headline.share},
                     .series = series,
                     .marks = best_epoch(run),
                     .id = id + "-" + run.headline.name});
}

std::string step_card(const Run& run, const std::string& id, const Detail& detail) {
  if (!run.steps.has("loss")) return "";
  Series smooth{
      .name = "smoothed", .x = run.steps["step"], .y = smoothed(run.steps["loss"], window_of(run.steps))};
  Series raw{.name = "each step", .x = run.steps["step"], .y = run.steps["loss"], .color = 0, .faint = true};
  return chart_card("Loss by step", "Of every batch, and its running mean.",
                    {.x = {.label = "step", .whole = true},
                     .series = {decimated(smooth, detail.points / 2), decimated(raw, detail.points)},
                     .id = id + "-steps"});
}

std::string rate_card(const Run& run, const std::string& id, const Detail& detail) {
  const bool by_step = run.steps.has("learning_rate");
  const Columns& columns = by_step ? run.steps : run.epochs;
  if (!columns.has("learning_rate")) return "";
  const auto& rates = columns["learning_rate"];
  if (std::ranges::all_of(rates, [&](double rate) { return rate == rates.front(); }))
    return paragraph("The learning rate was " + figure(rates.front()) + " throughout.", "note");
  return chart_card(
      "Learning rate", by_step ? "Of every step." : "Of each epoch's last step.",
      {.x = {.label = by_step ? "step" : "epoch", .whole = true},
       .series = {column(columns, by_step ? "step" : "epoch", "learning_rate", "learning rate", detail)},
       .id = id + "-rate"});
}

std::string speed_card(const Run& run, const std::string& id, const Detail& detail) {
  if (!run.epochs.has("samples_per_second")) return "";
  Series speed = column(run.epochs, "epoch", "samples_per_second", "samples a second", detail);
  Extent extent;
  extent.add(speed.y);
  return card("Speed", "Training samples a second.",
              line_chart({.x = {.label = "epoch", .whole = true},
                          .y = {.low = 0.0, .high = 1.15 * extent.scale(0).high},
                          .series = {speed},
                          .id = id + "-speed"}));
}

// Mean, least and greatest over the runs, by the value of column `x`.
Series over_runs(const Group& group, const std::string& x, const std::string& y, const Detail& detail) {
  std::map<double, std::vector<double>> at;
  for (const Run* run : group.runs) {
    const auto& places = run->epochs[x];
    const auto& values = run->epochs[y];
    for (size_t i = 0; i < std::min(places.size(), values.size()); ++i) {
      if (std::isfinite(values[i])) at[places[i]].push_back(values[i]);
    }
  }
  Series series{.name = group.name};
  for (const auto& [place, values] : at) {
    double sum = 0;
    for (const double value : values) sum += value;
    series.x.push_back(place);
    series.y.push_back(sum / static_cast<double>(values.size()));
    if (group.runs.size() < 2) continue;
    series.low.push_back(*std::min_element(values.begin(), values.end()));
    series.high.push_back(*std::max_element(values.begin(), values.end()));
  }
  return decimated(series, detail.points);
}

std::string overlaid(const std::vector<Group>& groups, const std::string& title, const std::string& y,
                     bool percent, const Detail& detail) {
  std::vector<Series> series;
  bool any = false;
  for (const auto& group : groups) {
    series.push_back(over_runs(group, "epoch", y, detail));
    any = any || !series.back().x.empty();
  }
  if (!any) return "";
  const bool bands =
      std::any_of(groups.begin(), groups.end(), [](const Group& g) { return g.runs.size() > 1; });
  return chart_card(
      title, bands ? "Mean over the seeds; the band reaches from the least to the greatest." : "By epoch.",
      {.x = {.label = "epoch", .whole = true},
       .y = {.percent = percent},
       .series = series,
       .height = 320,
       .id = "all-" + y});
}

// Of runs too short for curves by epoch: the smoothed loss of the first run of each group.
std::string overlaid_steps(const std::vector<Group>& groups, const Detail& detail) {
  constexpr size_t kMostLines = 16;
  std::vector<Series> series;
  for (size_t i = 0; i < std::min(groups.size(), kMostLines); ++i) {
    if (groups[i].runs.empty() || !groups[i].runs.front()->steps.has("loss")) continue;
    const Columns& steps = groups[i].runs.front()->steps;
    series.push_back(decimated({.name = groups[i].name,
                                .x = steps["step"],
                                .y = smoothed(steps["loss"], window_of(steps)),
                                .color = static_cast<int>(i)},
                               detail.points));
  }
  if (series.empty()) return "";
  return chart_card(
      "Loss by step", "Running mean of the batches' loss; of a group's first run.",
      {.x = {.label = "step", .whole = true}, .series = series, .height = 320, .id = "all-steps"});
}

}  // namespace

std::string headline_curves(const Run& run, const std::string& id, const Detail& detail) {
  if (!has_curves(run)) return grid(step_card(run, id, detail));
  return grid(loss_card(run, id, detail) + headline_card(run, id, detail));
}

std::string curves_section(const Run& run, const std::string& id, const Detail& detail) {
  if (run.epochs.rows == 0 && run.steps.rows == 0) return "";
  if (!has_curves(run)) return grid(step_card(run, id, detail) + rate_card(run, id, detail));
  return grid(loss_card(run, id, detail) + headline_card(run, id, detail) + step_card(run, id, detail) +
              speed_card(run, id, detail) + rate_card(run, id, detail));
}

std::string overlaid_curves(const std::vector<Group>& groups, const Detail& detail) {
  const Run* first = groups.empty() || groups.front().runs.empty() ? nullptr : groups.front().runs.front();
  const Headline headline = first == nullptr ? Headline() : first->headline;
  const bool single = std::ranges::all_of(groups, [](const Group& group) {
    return std::ranges::none_of(group.runs, [](const Run* run) { return has_curves(*run); });
  });
  if (single) return grid(overlaid_steps(groups, detail));
  return grid(
      overlaid(groups, "Validation " + headline.name, "validation_" + headline.name, headline.share, detail) +
      overlaid(groups, "Validation loss", "validation_loss", false, detail) +
      overlaid(groups, "Training loss", "train_loss", false, detail) +
      overlaid(groups, "Samples a second", "samples_per_second", false, detail));
}

}  // namespace actlab::report
