#include "report/section_results.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "plot/axis.h"
#include "plot/color.h"
#include "plot/decimate.h"
#include "plot/heat_map.h"
#include "plot/plot.h"
#include "plot/svg.h"
#include "report/html.h"
#include "report/png.h"

namespace actlab::report {
namespace {

constexpr size_t kMostTableClasses = 24;  // beyond, the confusion matrix is a heat map
constexpr size_t kMostHalfClasses = 10;   // half the page is wide enough
constexpr size_t kMostConfusions = 10;
constexpr size_t kMostClasses = 200;  // in the table of figures
constexpr size_t kMostCurves = 12;

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::isfinite(value) ? value : 0;
  return sum;
}

double column_sum(const Evaluation& result, size_t column) {
  double sum = 0;
  for (const auto& row : result.confusion) sum += std::isfinite(row[column]) ? row[column] : 0;
  return sum;
}

// The diagonal in blue by the share of its row; mistakes in orange, by the worst of them, so that they show
// at all.
std::string cell_style(double count, double whole, bool right, double worst) {
  if (!(count > 0) || !(whole > 0)) return "";
  const double share = count / whole;
  const int half = kDivergingLevels / 2;
  const int level = right ? half + level_of(share, half + 1) : half - 1 - level_of(share / worst, half);
  const bool strong = right ? share > 0.35 : share / worst > 0.35;
  return "background:var(--v" + std::to_string(level) + ");" + (strong ? "color:var(--card)" : "");
}

double worst_share(const Evaluation& result) {
  double worst = 0;
  for (size_t i = 0; i < result.confusion.size(); ++i) {
    const double whole = sum_of(result.confusion[i]);
    for (size_t j = 0; j < result.confusion.size(); ++j) {
      if (i != j && whole > 0) worst = std::max(worst, result.confusion[i][j] / whole);
    }
  }
  return worst > 0 ? worst : 1;
}

std::string confusion_cell(const Evaluation& result, size_t i, size_t j, double whole, double worst) {
  const double count = result.confusion[i][j];
  const std::string words = result.classes[i] +
                            (i == j ? " read right: " : " read as " + result.classes[j] + ": ") +
                            figure(count, 9) + " (" + percent(count / whole, 1) + ")";
  return element("td",
                 {{"style", cell_style(count, whole, i == j, worst)},
                  {"title", count > 0 ? shorten(words, 120) : ""},
                  {"data-label", i == j || !(count > 0) ? "" : result.classes[i]},
                  {"data-predicted", i == j || !(count > 0) ? "" : result.classes[j]}},
                 count > 0 ? escape(figure(count, 9)) : std::string("·"));
}

std::string confusion_table(const Evaluation& result) {
  const double worst = worst_share(result);
  const bool words =
      std::ranges::any_of(result.classes, [](const std::string& name) { return name.size() > 3; });
  std::string html = "<div class=\"scroll\"><table class=\"confusion" + std::string(words ? " words" : "") +
                     "\" style=\"--n:" + std::to_string(result.classes.size()) +
                     "\"><thead><tr><th class=\"corner\" title=\"rows: labels, columns: predictions\"></th>";
  for (const auto& name : result.classes) html += "<th scope=\"col\">" + escape(shorten(name, 14)) + "</th>";
  html += "</tr></thead><tbody>";
  for (size_t i = 0; i < result.confusion.size(); ++i) {
    html += "<tr><th scope=\"row\">" + escape(shorten(result.classes[i], 14)) + "</th>";
    const double whole = sum_of(result.confusion[i]);
    for (size_t j = 0; j < result.confusion.size(); ++j) html += confusion_cell(result, i, j, whole, worst);
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>";
}

std::string confusion_heat(const Evaluation& result, const Detail& detail) {
  HeatMap map{.x_label = "predicted class, by number", .rows = result.classes, .percent = true};
  for (size_t i = 0; i < result.confusion.size(); ++i) {
    map.columns.push_back(static_cast<double>(i));
    const double whole = sum_of(result.confusion[i]);
    auto& row = map.values.emplace_back(result.confusion[i]);
    for (double& value : row) value = whole > 0 ? value / whole : std::nan("");
  }
  return heat_map(merged(map, detail.cells));
}

std::string confusion_card(const Evaluation& result, const Detail& detail) {
  if (result.confusion.empty()) return "";
  const bool small = result.classes.size() <= kMostTableClasses;
  return card("Confusion matrix",
              small ? "Rows are the true labels, columns the predictions. Right ones blue, mistakes orange "
                      "by the worst; a "
                      "click on one shows its pictures."
                    : "Rows are the true labels; share of each label's examples.",
              small ? confusion_table(result) : confusion_heat(result, detail),
              small && result.classes.size() > kMostHalfClasses ? "wide square" : "square");
}

std::string confusions_card(const Evaluation& result) {
  struct Pair {
    size_t label, predicted;
    double count;
  };
  std::vector<Pair> pairs;
  for (size_t i = 0; i < result.confusion.size(); ++i) {
    for (size_t j = 0; j < result.confusion.size(); ++j) {
      if (i != j && result.confusion[i][j] > 0) pairs.push_back({i, j, result.confusion[i][j]});
    }
  }
  if (pairs.empty()) return "";
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.count > b.count; });
  pairs.resize(std::min(pairs.size(), kMostConfusions));
  Table table({"label", "taken for", "examples", "of that label"});
  for (const auto& pair : pairs) {
    table.add({result.classes[pair.label], result.classes[pair.predicted], figure(pair.count, 9),
               percent(pair.count / sum_of(result.confusion[pair.label]))});
  }
  return card("Most frequent mistakes", "", table.html());
}

std::string classes_card(const Evaluation& result) {
  if (result.confusion.empty()) return "";
  Table table({"class", "examples", "precision", "recall", "F1"});
  for (size_t i = 0; i < std::min(result.classes.size(), kMostClasses); ++i) {
    const double there = sum_of(result.confusion[i]);
    const double predicted = column_sum(result, i);
    const double right = result.confusion[i][i];
    const double precision = predicted > 0 ? right / predicted : std::nan("");
    const double recall = there > 0 ? right / there : std::nan("");
    const double f1 = there + predicted > 0 ? 2 * right / (there + predicted) : std::nan("");
    table.add({result.classes[i], figure(there, 9), percent(precision), percent(recall), percent(f1)});
  }
  return card("By class",
              "Precision: how many of those called so are. Recall: how many of those there are were found.",
              table.html());
}

// The curves, the worst area first.
std::vector<const RocCurve*> worst_first(const Evaluation& result) {
  std::vector<const RocCurve*> curves;
  for (const auto& curve : result.roc) curves.push_back(&curve);
  std::ranges::stable_sort(curves, [](const RocCurve* a, const RocCurve* b) {
    return (std::isfinite(a->auc) ? a->auc : 2) < (std::isfinite(b->auc) ? b->auc : 2);
  });
  curves.resize(std::min(curves.size(), kMostCurves));
  return curves;
}

std::string first_of(const Evaluation& result) {
  return result.roc.size() > kMostCurves ? " The worst " + std::to_string(kMostCurves) + " classes." : "";
}

// On a logarithmic axis: of a good classifier everything happens where false positives are few.
std::string roc_card(const Evaluation& result, const std::string& id, const Detail& detail) {
  constexpr double kFewest = 1e-4;
  LineChart chart{.x = {.label = "false positive rate", .log = true, .low = kFewest, .high = 1.0},
                  .y = {.label = "true positive rate", .low = -0.01, .high = 1.02},
                  .height = 360,
                  .id = id + "-roc"};
  for (const RocCurve* curve : worst_first(result)) {
    Series line{.name = shorten(curve->name, 18) +
                        (std::isfinite(curve->auc) ? " · AUC " + formatted("%.4f", curve->auc) : "")};
    for (size_t i = 0; i < curve->false_positive_rate.size(); ++i) {
      // Before the first false positive there is no place on the axis but its beginning.
      const double rate = std::max(curve->false_positive_rate[i], kFewest);
      if (!line.x.empty() && line.x.back() == rate) {
        line.y.back() = curve->true_positive_rate[i];
      } else {
        line.x.push_back(rate);
        line.y.push_back(curve->true_positive_rate[i]);
      }
    }
    chart.series.push_back(decimated(line, std::min<size_t>(detail.points, 200)));
  }
  if (chart.series.empty()) return "";
  return card("ROC",
              "Each class against all others, the worst first, with the area under its curve (AUC, of the "
              "whole curve). "
              "Logarithmic, from one false positive in 10,000 on." +
                  first_of(result),
              line_chart(chart));
}

std::string precision_card(const Evaluation& result, const std::string& id, const Detail& detail) {
  LineChart chart{.x = {.label = "recall", .low = 0.0, .high = 1.01},
                  .y = {.label = "precision", .high = 1.005},
                  .height = 360,
                  .id = id + "-precision"};
  for (const RocCurve* worst : worst_first(result)) {
    const auto curve = std::ranges::find(result.precision, worst->name, &PrecisionCurve::name);
    if (curve == result.precision.end()) continue;
    chart.series.push_back(
        decimated({.name = shorten(curve->name, 18), .x = curve->recall, .y = curve->precision},
                  std::min<size_t>(detail.points, 200)));
  }
  if (chart.series.empty()) return "";
  return card(
      "Precision and recall",
      "How many of those called so are, when so many of those there are are to be found." + first_of(result),
      line_chart(chart));
}

std::string calibration_card(const Evaluation& result, const std::string& id) {
  const Calibration& calibration = result.calibration;
  if (calibration.probability.empty()) return "";
  double all = 0;
  for (const double count : calibration.examples) all += std::isfinite(count) ? count : 0;
  Series shares{.name = "share of the examples", .x = calibration.probability, .color = 7, .dashed = true};
  for (const double count : calibration.examples) shares.y.push_back(all > 0 ? count / all : std::nan(""));
  const LineChart chart{
      .x = {.label = "probability of what it says", .percent = true, .low = 0.0, .high = 1.01},
      .y = {.label = "right", .percent = true, .low = 0.0, .high = 1.02},
      .series = {{.name = "right", .x = calibration.probability, .y = calibration.accuracy}, shares},
      .diagonal = true,
      .height = 360,
      .id = id + "-calibration"};
  return card("Calibration",
              "How often it is right where it is so sure: on the dotted line, as often as it says; below, it "
              "is too sure. " +
                  std::string("Expected calibration error (ECE) ") + percent(calibration.error) + ".",
              line_chart(chart));
}

std::string mistake_figure(const Mistake& mistake, int picture, bool kept_back) {
  const std::string uri = picture_uri(mistake, picture);
  const std::string of = mistake.original.empty() ? "" : " (a " + mistake.original + ")";
  const std::string words = "example " + std::to_string(mistake.index) + ", label " + mistake.label + of +
                            ", taken for " + mistake.predicted;
  const std::string truth =
      mistake.original.empty() ? shorten(mistake.label, 12) : "a " + shorten(mistake.original, 8);
  return "<figure class=\"mistake" + std::string(kept_back ? " more" : "") + "\" data-label=\"" +
         escape(mistake.label) + "\" data-predicted=\"" + escape(mistake.predicted) + "\">" +
         (uri.empty() ? "<div class=\"nopicture\">no picture</div>"
                      : element("img", {{"src", uri}, {"alt", words}, {"loading", "lazy"}})) +
         "<figcaption title=\"" + escape(words) + "\"><b>" + escape(truth) + "</b> → <em>" +
         escape(shorten(mistake.predicted, 12)) + "</em><small>" + percent(mistake.probability, 1) + " · #" +
         std::to_string(mistake.index) + "</small></figcaption></figure>\n";
}

// The surest, and hidden behind them those that a click on the confusion matrix asks for.
std::string mistakes_card(const Evaluation& result, const Detail& detail) {
  std::string html;
  const size_t most = detail.mistakes * 5;
  for (size_t i = 0; i < std::min(result.mistakes.size(), most); ++i)
    html += mistake_figure(result.mistakes[i], std::max(detail.picture, 8), i >= detail.mistakes);
  if (html.empty()) return "";
  return card("What it got wrong",
              "The surest mistakes first: what it is → what it was taken for, with the probability.",
              "<div class=\"mistakes\">" + html + "</div>", "wide");
}

}  // namespace

std::string results_section(const Run& run, const std::string& id, const Detail& detail) {
  if (!run.evaluation) return "";
  const Evaluation& result = *run.evaluation;
  std::string stats = stat(titled(result.headline), shown(result.headline, result.value),
                           std::isfinite(result.low) ? shown(result.headline, result.low) + " to " +
                                                           shown(result.headline, result.high)
                                                     : "");
  stats += stat("Loss", figure(result.loss));
  if (std::isfinite(result.auc)) stats += stat("ROC-AUC", figure(result.auc));
  stats += stat("Examples", figure(result.examples, 9), result.split);
  return "<div class=\"stats\">" + stats + "</div>" +
         grid(confusion_card(result, detail) + classes_card(result) + mistakes_card(result, detail) +
              roc_card(result, id, detail) + precision_card(result, id, detail) +
              calibration_card(result, id) + confusions_card(result));
}

}  // namespace actlab::report
