#include "report/section_activations.h"

#include <map>

#include "plot/decimate.h"
#include "plot/plot.h"
#include "plot/svg.h"
#include "report/html.h"

namespace actlab::report {
namespace {

std::string layers_in_words(const std::vector<std::string>& layers) {
  if (layers.empty()) return "";
  if (layers.size() > 4)
    return layers.front() + " … " + layers.back() + " (" + std::to_string(layers.size()) + " layers)";
  std::string text;
  for (const auto& layer : layers) text += (text.empty() ? "" : ", ") + layer;
  return text;
}

std::string formula_line(const std::string& name, const std::string& formula) {
  return formula.empty() ? ""
                         : "<div class=\"formula\"><i>" + escape(name) + "</i> = <code>" +
                               escape(shorten(formula, 500)) + "</code></div>";
}

std::string curve_card(const ActivationCurve& curve, const std::string& id, const Detail& detail) {
  const size_t limit = std::min<size_t>(detail.points, 400);
  const std::string chart =
      line_chart({.x = {.label = "pre-activation x"},
                  .series = {decimated({.name = "f(x)", .x = curve.x, .y = curve.y}, limit),
                             decimated({.name = "f'(x)", .x = curve.x, .y = curve.slope}, limit)},
                  .id = id});
  return card(curve.name, layers_in_words(curve.layers),
              chart + formula_line("f(x)", curve.formula) + formula_line("f'(x)", curve.derivative));
}

// A line for each learned parameter of each layer, over the examinations.
std::string learned_card(const Run& run, const std::string& id, const Detail& detail) {
  std::vector<Series> series;
  std::map<std::string, size_t> places;
  for (const auto& examination : run.examinations) {
    for (const auto& layer : examination.layers) {
      for (const auto& [name, value] : layer.learned) {
        const std::string full = layer.layer + " " + name;
        const auto place = places.emplace(full, series.size()).first->second;
        if (place == series.size()) series.push_back({.name = full});
        series[place].x.push_back(run.time_of(examination));
        series[place].y.push_back(value);
      }
    }
  }
  if (series.empty()) return "";
  for (auto& one : series) one = decimated(one, detail.points);
  return card("Learned parameters",
              "Of the activations themselves; " + std::string(run.time_unit()) + " 0 is before training.",
              line_chart({.x = {.label = run.time_unit(), .whole = true},
                          .series = series,
                          .height = 320,
                          .id = id + "-learned"}));
}

}  // namespace

std::string activations_section(const Run& run, const std::string& id, const Detail& detail) {
  constexpr size_t kMostCurves = 24;
  std::string html;
  for (size_t i = 0; i < std::min(run.activations.size(), kMostCurves); ++i)
    html += curve_card(run.activations[i], id + "-f" + std::to_string(i), detail);
  return grid(html + learned_card(run, id, detail));
}

}  // namespace actlab::report
