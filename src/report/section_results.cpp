#include "report/section_results.h"

#include <algorithm>
#include <cmath>

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

std::string confusion_table(const Evaluation& result) {
  const double worst = worst_share(result);
  std::string html =
      "<div class=\"scroll\"><table class=\"confusion\"><thead><tr><th class=\"corner\">label \\ "
      "predicted</th>";
  for (const auto& name : result.classes) html += "<th scope=\"col\">" + escape(shorten(name, 14)) + "</th>";
  html += "</tr></thead><tbody>";
  for (size_t i = 0; i < result.confusion.size(); ++i) {
    html += "<tr><th scope=\"row\">" + escape(shorten(result.classes[i], 14)) + "</th>";
    const double whole = sum_of(result.confusion[i]);
    for (size_t j = 0; j < result.confusion.size(); ++j) {
      const double count = result.confusion[i][j];
      const std::string words = result.classes[i] + " taken for " + result.classes[j] + ": " +
                                figure(count, 9) + " (" + percent(count / whole) + ")";
      html +=
          element("td", {{"style", cell_style(count, whole, i == j, worst)}, {"title", i == j ? "" : words}},
                  count > 0 ? escape(figure(count, 9)) : std::string("·"));
    }
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
                      "by the worst."
                    : "Rows are the true labels; share of each label's examples.",
              small ? confusion_table(result) : confusion_heat(result, detail),
              small && result.classes.size() > kMostHalfClasses ? "wide" : "");
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

std::string roc_card(const Evaluation& result, const std::string& id, const Detail& detail) {
  LineChart chart{.x = {.label = "false positive rate", .low = -0.01, .high = 1.01},
                  .y = {.label = "true positive rate", .low = -0.01, .high = 1.02},
                  .diagonal = true,
                  .height = 400,
                  .id = id + "-roc"};
  for (const auto& curve : result.roc) {
    if (chart.series.size() == kMostCurves) break;
    const std::string area = std::isfinite(curve.auc) ? " (" + figure(curve.auc) + ")" : "";
    chart.series.push_back(decimated({.name = shorten(curve.name, 18) + area,
                                      .x = curve.false_positive_rate,
                                      .y = curve.true_positive_rate},
                                     std::min<size_t>(detail.points, 200)));
  }
  if (chart.series.empty()) return "";
  std::string hint = "Each class against all others, with the area under its curve.";
  if (result.roc.size() > kMostCurves) hint += " The first " + std::to_string(kMostCurves) + " classes.";
  return card("ROC", hint, line_chart(chart));
}

std::string mistakes_card(const Evaluation& result, const Detail& detail) {
  std::string html;
  for (size_t i = 0; i < std::min(result.mistakes.size(), detail.mistakes); ++i) {
    const Mistake& mistake = result.mistakes[i];
    const std::string uri = picture_uri(mistake, std::max(detail.picture, 8));
    const std::string words = "example " + std::to_string(mistake.index) + ", label " + mistake.label +
                              ", taken for " + mistake.predicted;
    html += "<figure class=\"mistake\">";
    html += uri.empty() ? "<div class=\"nopicture\">no picture</div>"
                        : element("img", {{"src", uri}, {"alt", words}, {"loading", "lazy"}});
    html += "<figcaption title=\"" + escape(words) + "\"><b>" + escape(shorten(mistake.label, 12)) +
            "</b> → <em>" + escape(shorten(mistake.predicted, 12)) + "</em><small>" +
            percent(mistake.probability, 1) + " · #" + std::to_string(mistake.index) +
            "</small></figcaption></figure>\n";
  }
  if (html.empty()) return "";
  return card("What it got wrong", "The surest mistakes first: label → prediction, with its probability.",
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
              roc_card(result, id, detail) + confusions_card(result));
}

}  // namespace actlab::report
