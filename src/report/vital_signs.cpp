#include "report/vital_signs.h"

#include <algorithm>
#include <cmath>

#include "plot/axis.h"
#include "plot/svg.h"
#include "report/html.h"
#include "report/measures.h"

namespace actlab::report {
namespace {

constexpr size_t kMostBoxes = 60;
constexpr size_t kMostNamed = 12;

// The verdicts that a chart shows, and the keys that it draws.
struct Sign {
  std::vector<std::string> keys;
  std::vector<std::string> verdicts;
};

const std::vector<Sign>& signs() {
  static const std::vector<Sign> all = {
      {{"gradient"}, {"not_finite", "vanishing", "exploding"}},
      {{"dead", "beyond_zeros"}, {"dead_network", "no_signal", "dead_units", "dying", "saturated"}},
      {{"update_ratio"}, {"updates_too_large", "updates_too_small"}}};
  return all;
}

// Layers of the last examination that lie beyond a limit.
size_t beyond(const Run& run, const Measure& measure) {
  const Examination& last = run.examinations.back();
  size_t count = 0;
  for (size_t i = 0; i < last.layers.size(); ++i) {
    const double value = measured(last, i, measure.key);
    count += (measure.below && value < *measure.below) || (measure.above && value > *measure.above) ? 1 : 0;
  }
  return count;
}

// "ok", or what was found; "" while there is no diagnosis. What is beyond a limit and no verdict is said too.
std::string word_of(const Run& run, const Measure& measure, const Sign& sign) {
  if (!run.diagnosed) return "";
  for (const auto& verdict : run.verdicts) {
    if (std::ranges::find(sign.verdicts, verdict.name) != sign.verdicts.end()) return spoken(verdict.name);
  }
  const size_t count = beyond(run, measure);
  return count == 0 ? "ok" : counted(static_cast<double>(count), "layer") + " beyond";
}

std::string sign_card(const std::string& title, const std::string& word, const std::string& hint,
                      const std::string& html) {
  const std::string chip = word.empty() ? ""
                                        : "<em class=\"word " + std::string(word == "ok" ? "ok" : "ill") +
                                              "\">" + escape(word) + "</em>";
  return "<figure class=\"card\"><figcaption><b>" + escape(title) + chip + "</b><span>" + escape(hint) +
         "</span></figcaption>" + html + "</figure>\n";
}

// What the verdicts say of a layer; "" where nothing.
std::string found_in(const Run& run, const std::string& layer) {
  std::string names;
  for (const auto& verdict : run.verdicts) {
    if (std::ranges::find(verdict.layers, layer) != verdict.layers.end())
      names += (names.empty() ? "" : ", ") + spoken(verdict.name);
  }
  return names;
}

// The share of the box that a gradient fills: all of it where it is as large as the last layer's, nothing at
// a millionth.
double fill_of(double gradient) {
  if (!(gradient > 0)) return 0;
  return std::clamp(1 + std::log10(gradient) / 6, 0.0, 1.0);
}

std::string box(const Run& run, const Examination& last, size_t i, bool named) {
  const LayerRecord& layer = last.layers[i];
  const double gradient = measured(last, i, "gradient");
  const std::string found = found_in(run, layer.layer);
  std::string words = layer.layer + ", " + layer.activation;
  if (std::isfinite(gradient)) words += ": gradient " + figure(gradient, 2) + " of the last layer's";
  if (!found.empty()) words += "; " + found;
  const std::string css = !run.diagnosed ? "open" : found.empty() ? "ok" : "ill";
  return "<li class=\"" + css + "\" title=\"" + escape(shorten(words, 300)) + "\"><b>" +
         (named ? escape(shorten(layer.layer, 16)) : std::to_string(i + 1)) + "</b>" +
         (named ? "<small>" + escape(shorten(layer.activation, 18)) + "</small>" : "") +
         "<i style=\"width:" + figure(100 * fill_of(gradient), 3) + "%\"></i></li>";
}

}  // namespace

std::string network_strip(const Run& run) {
  if (run.examinations.empty() || run.examinations.back().layers.empty()) return "";
  const Examination& last = run.examinations.back();
  const bool named = last.layers.size() <= kMostNamed;
  std::string boxes;
  for (size_t i = 0; i < std::min(last.layers.size(), kMostBoxes); ++i) boxes += box(run, last, i, named);
  if (last.layers.size() > kMostBoxes) boxes += "<li class=\"open\"><b>…</b></li>";
  return "<div class=\"network\"><span>input</span><ol>" + boxes +
         "</ol><span>output</span><p>A box a hidden layer" +
         std::string(run.diagnosed ? ", green where nothing was found" : "") +
         "; the bar in it is the size of its gradient, full where it is the last layer's and gone at a "
         "millionth of it.</p></div>\n";
}

std::string vital_signs(const Run& run, const std::string& id, const Detail& detail) {
  std::string cards;
  const auto& measures = leading_measures();
  for (size_t i = 0; i < measures.size(); ++i) {
    const std::string chart = leading_chart(run, measures[i], signs()[i].keys, id, detail);
    if (!chart.empty())
      cards +=
          sign_card(measures[i].title, word_of(run, measures[i], signs()[i]), measures[i].meaning, chart);
  }
  return grid(cards, "three");
}

}  // namespace actlab::report
