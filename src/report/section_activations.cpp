#include "report/section_activations.h"

#include <cmath>
#include <map>

#include "core/nan.h"
#include "plot/axis.h"
#include "plot/decimate.h"
#include "plot/plot.h"
#include "plot/svg.h"
#include "report/html.h"
#include "report/png.h"
#include "report/section_layers.h"

namespace actlab::report {
namespace {

constexpr double kShown = 4;  // of x, to either side: what lies beyond is straight

std::string layers_in_words(const std::vector<std::string>& layers) {
  if (layers.empty()) return "";
  if (layers.size() > 4)
    return layers.front() + " … " + layers.back() + " (" + std::to_string(layers.size()) + " layers)";
  std::string text;
  for (const auto& layer : layers) text += (text.empty() ? "" : ", ") + layer;
  return text;
}

std::string formula_line(const std::string& name, const std::string& formula) {
  return formula.empty()
             ? ""
             : "<div class=\"formula\">" + (name.empty() ? "" : "<i>" + escape(name) + "</i> = ") + "<code>" +
                   escape(shorten(formula, 500)) + "</code></div>";
}

// f and f' side by side; of what has several inputs the formula alone.
std::string curve_card(const ActivationCurve& curve, const std::string& id, const Detail& detail) {
  const std::string layers = layers_in_words(curve.layers);
  if (curve.x.empty()) {
    return card(
        curve.name,
        layers + (layers.empty() ? "" : ": ") + "an output depends on several inputs, so there is no curve.",
        formula_line("y", curve.formula) + formula_line("", curve.derivative));
  }
  const size_t limit = std::min<size_t>(detail.points, 400);
  const auto within = [&](const std::vector<double>& y) {
    Series shown{.x = curve.x, .y = y};
    for (size_t i = 0; i < std::min(shown.x.size(), shown.y.size()); ++i) {
      if (std::abs(shown.x[i]) > kShown) shown.y[i] = kNaN;
    }
    return shown;
  };
  const auto panel = [&](const char* name, const std::vector<double>& y, int color, const char* part) {
    Series line = within(y);
    line.name = name;
    line.color = color;
    return line_chart({.title = name,
                       .x = {.label = "pre-activation x", .low = -kShown, .high = kShown},
                       .series = {decimated(line, limit)},
                       .width = 420,
                       .height = 250,
                       .id = id + part});
  };
  return card(curve.name, layers,
              "<div class=\"panels\">" + panel("f(x)", curve.y, 0, "f") +
                  panel("f'(x)", curve.slope, 1, "d") + "</div>" + formula_line("f(x)", curve.formula) +
                  formula_line("f'(x)", curve.derivative),
              "wide");
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

// What the first layer looks for.
std::string weights_card(const FirstWeights& weights) {
  const auto units = weights.pixels.size();
  const int columns = units > 32 ? 16 : 8;
  const std::string uri = weights_uri(weights, columns);
  if (uri.empty()) return "";
  std::string hint =
      "A picture a unit: blue where light speaks for it, orange where it speaks against it; the strongest "
      "weight is " +
      figure(weights.largest, 3) + " in size.";
  if (static_cast<double>(units) < weights.units)
    hint += " The first " + std::to_string(units) + " of " + figure(weights.units, 9) + " units.";
  return card("Weights of the first layer, " + weights.layer, hint,
              element("img", {{"class", "weights"}, {"src", uri}, {"alt", "weights of " + weights.layer}}),
              "wide");
}

}  // namespace

std::string activations_section(const Run& run, const std::string& id, const Detail& detail) {
  constexpr size_t kMostCurves = 24;
  std::string html;
  for (size_t i = 0; i < std::min(run.activations.size(), kMostCurves); ++i)
    html += curve_card(run.activations[i], id + "-f" + std::to_string(i), detail);
  const std::string layers = layers_section(run, detail);
  return layers + (layers.empty() || html.empty() ? "" : heading("The function itself")) +
         grid(html + learned_card(run, id, detail) + weights_card(run.first_weights));
}

}  // namespace actlab::report
