#include "report/section_diagnosis.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/nan.h"
#include "core/shell.h"
#include "plot/axis.h"
#include "plot/heat_map.h"
#include "plot/svg.h"
#include "report/html.h"

namespace actlab::report {
namespace {

constexpr size_t kMostVerdicts = 40;
constexpr size_t kMostRemedies = 10;  // of a verdict

struct Diagnostic {
  const char* key;
  const char* title;
  const char* meaning;
  bool percent = false;
  bool log = false;
  double center = kNaN;  // of diverging colours
};

constexpr Diagnostic kDiagnostics[] = {
    {"delta", "Delta",
     "Size (root mean square) of dL/d(pre-activation). Fading towards the first layers, it vanishes; "
     "growing, it explodes.",
     false, true},
    {"delta_ratio", "Delta ratio",
     "Delta's norm over that of the next layer: 1 keeps the gradient, orange loses it on its way back, blue "
     "lets it grow.",
     false, true, 1},
    {"dead", "Dead units",
     "Share of units that answer all examined examples alike. Where the slope is 0, too, their weights no "
     "longer learn.",
     true},
    {"zeros", "Zero outputs",
     "Share of outputs that are exactly zero. About half is healthy for ReLU; it is no sign of death.", true},
    {"saturated", "Saturated",
     "Share of pre-activations where the slope is under a tenth of its largest: little gradient passes.",
     true},
    {"at_bound", "At a bound", "Share of outputs within 5 % of a bound of the activation's range.", true},
    {"gradient_ratio", "Gradient to weight", "Norm of the weights' gradient over that of the weights.", false,
     true},
    {"update_ratio", "Update to weight",
     "Norm of the last update over that of the weights. Near 0.001 (neutral) training usually moves at a "
     "good pace.",
     false, true, 1e-3},
    {"centredness", "Off centre", "|mean| over standard deviation of the outputs: 0 is centred on zero.",
     false},
    {"one_sign_examples", "One sign, an example",
     "Share of units whose incoming weight gradients all have one sign for an example: they can only move "
     "together, which is the zig-zag.",
     true},
    {"one_sign_batch", "One sign, a batch", "The same for the gradient of a whole batch.", true},
    {"mean", "Mean output", "Mean of the outputs.", false, false, 0},
    {"std", "Spread of outputs", "Standard deviation of the outputs.", false, true},
    {"pre_mean", "Mean pre-activation", "Mean of what goes into the activation.", false, false, 0},
    {"pre_std", "Spread of pre-activations", "Standard deviation of what goes into the activation.", false,
     true},
};

// The layers' names in the order of the network: of the longest examination.
std::vector<std::string> layers_of(const Run& run) {
  std::vector<std::string> names;
  for (const auto& examination : run.examinations) {
    if (examination.layers.size() <= names.size()) continue;
    names.clear();
    for (const auto& layer : examination.layers) names.push_back(layer.layer);
  }
  return names;
}

double value_of(const LayerRecord& layer, const std::string& key) {
  const auto found = layer.values.find(key);
  return found == layer.values.end() ? kNaN : found->second;
}

HeatMap map_of(const Run& run, const std::vector<std::string>& layers, const Diagnostic& diagnostic) {
  HeatMap map{
      .x_label = run.time_unit(), .rows = layers, .log = diagnostic.log, .percent = diagnostic.percent};
  if (std::isfinite(diagnostic.center)) map.center = diagnostic.center;
  map.values.assign(layers.size(), {});
  std::map<std::string, size_t> place;
  for (size_t i = 0; i < layers.size(); ++i) place[layers[i]] = i;
  for (const auto& examination : run.examinations) {
    map.columns.push_back(run.time_of(examination));
    for (auto& row : map.values) row.push_back(kNaN);
    for (const auto& layer : examination.layers) {
      const auto found = place.find(layer.layer);
      if (found != place.end()) map.values[found->second].back() = value_of(layer, diagnostic.key);
    }
  }
  return map;
}

// Shares are coloured from 0 on, to at least a tenth: a trace must not look like much.
void choose_range(HeatMap& map) {
  if (map.log || map.center) return;
  double least = 0;
  double greatest = map.percent ? 0.1 : 1e-9;
  for (const auto& row : map.values) {
    for (const double value : row) {
      if (!std::isfinite(value)) continue;
      least = std::min(least, value);
      greatest = std::max(greatest, value);
    }
  }
  map.low = least;
  map.high = greatest;
}

std::string heat_card(const Run& run, const std::vector<std::string>& layers, const Diagnostic& diagnostic,
                      const Detail& detail) {
  HeatMap map = map_of(run, layers, diagnostic);
  Extent shown(map.log);
  for (const auto& row : map.values) shown.add(row);
  if (shown.empty()) return "";
  choose_range(map);
  const HeatMap small = merged(map, detail.cells);
  std::string meaning = diagnostic.meaning;
  if (small.columns.size() < map.columns.size() || small.values.size() < map.values.size())
    meaning += " Neighbouring cells are shown as their mean.";
  return card(diagnostic.title, meaning, heat_map(small));
}

std::string units_in_words(const std::vector<int64_t>& units) {
  constexpr size_t kMost = 12;
  std::string text;
  for (size_t i = 0; i < std::min(units.size(), kMost); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(units[i]);
  if (units.size() > kMost) text += ", … (" + std::to_string(units.size()) + ")";
  return text.empty() ? "–" : text;
}

// Sums over the examinations, by layer.
struct Lives {
  double births = 0;
  double deaths = 0;
  double revivals = 0;
};

std::map<std::string, Lives> lives_of(const Run& run) {
  std::map<std::string, Lives> lives;
  const auto count = [](const LayerRecord& layer, const std::string& key) {
    const double value = value_of(layer, key);
    return std::isfinite(value) ? value : 0;
  };
  for (const auto& examination : run.examinations) {
    for (const auto& layer : examination.layers) {
      Lives& sums = lives[layer.layer];
      sums.births += count(layer, "births");
      sums.deaths += count(layer, "deaths");
      sums.revivals += count(layer, "revivals");
    }
  }
  return lives;
}

std::string lives_card(const Run& run) {
  Table table({"layer", "units", "births", "deaths", "revivals", "dead now"});
  constexpr size_t kMostLayers = 200;
  bool any = false;
  auto lives = lives_of(run);
  const auto& last = run.examinations.back().layers;
  for (size_t i = 0; i < std::min(last.size(), kMostLayers); ++i) {
    const Lives& sums = lives[last[i].layer];
    any = any || sums.births + sums.deaths + sums.revivals > 0 || !last[i].dead_units.empty();
    table.add({last[i].layer, figure(value_of(last[i], "units"), 9), figure(sums.births, 9),
               figure(sums.deaths, 9), figure(sums.revivals, 9), units_in_words(last[i].dead_units)});
  }
  if (!any) return "";
  return card("Births, deaths and revivals of units",
              "A dead unit answers no example. Births came alive for the first time, revivals came back.",
              table.html(), "wide");
}

std::string layers_card(const Run& run) {
  constexpr size_t kMostLayers = 200;
  const Examination& last = run.examinations.back();
  Table table({"layer", "activation", "fan-in", "pre mean", "pre std", "mean", "std", "zeros", "dead",
               "saturated", "delta", "ratio", "update/weight"});
  const auto share = [](double value) { return std::isfinite(value) ? percent(value, 1) : std::string("–"); };
  for (size_t i = 0; i < std::min(last.layers.size(), kMostLayers); ++i) {
    const LayerRecord& layer = last.layers[i];
    const auto value = [&](const char* key) { return figure(value_of(layer, key), 3); };
    table.add({layer.layer, shorten(layer.activation, 24), figure(value_of(layer, "fan_in"), 9),
               value("pre_mean"), value("pre_std"), value("mean"), value("std"),
               share(value_of(layer, "zeros")), share(value_of(layer, "dead")),
               share(value_of(layer, "saturated")), value("delta"), value("delta_ratio"),
               value("update_ratio")});
  }
  return card("Layer by layer",
              "As of " + std::string(run.time_unit()) + " " + figure(run.time_of(last), 9) +
                  ", from the input to the output.",
              table.html(), "wide");
}

std::string remedy_html(const Remedy& remedy) {
  const std::string overrides = shell_text(remedy.overrides);
  return "<li>" + (overrides.empty() ? "" : copyable(overrides)) + "<span>" +
         escape(shorten(remedy.why, kLongestText)) + "</span></li>";
}

std::string layer_chips(const std::vector<std::string>& layers) {
  if (layers.empty()) return "";
  std::string text = layers.front();
  if (layers.size() == 2) text += ", " + layers.back();
  if (layers.size() > 2) text += " … " + layers.back() + ", " + std::to_string(layers.size()) + " layers";
  return "<span class=\"chip\">" + escape(shorten(text, 120)) + "</span>";
}

}  // namespace

std::string verdict_cards(const Run& run) {
  std::string html;
  for (size_t i = 0; i < std::min(run.verdicts.size(), kMostVerdicts); ++i) {
    const Verdict& verdict = run.verdicts[i];
    html += "<article class=\"verdict\"><h3>" + escape(shorten(spoken(verdict.name), 120)) +
            layer_chips(verdict.layers) + "</h3>";
    if (!verdict.cause.empty()) html += paragraph(verdict.cause);
    if (!verdict.evidence.empty())
      html +=
          "<p class=\"evidence\"><b>Evidence</b> " + escape(shorten(verdict.evidence, kLongestText)) + "</p>";
    std::string remedies;
    for (size_t j = 0; j < std::min(verdict.remedies.size(), kMostRemedies); ++j)
      remedies += remedy_html(verdict.remedies[j]);
    if (!remedies.empty()) html += "<p class=\"try\">Try</p><ul class=\"remedies\">" + remedies + "</ul>";
    html += "</article>\n";
  }
  return html.empty() ? "" : "<div class=\"verdicts\">" + html + "</div>\n";
}

std::string diagnosis_section(const Run& run, const Detail& detail) {
  std::string html = verdict_cards(run);
  if (run.diagnosed && run.verdicts.empty())
    html += "<p class=\"allgood\">The diagnosis found nothing to mend.</p>";
  if (run.examinations.empty()) return html;
  std::string cards;
  const auto layers = layers_of(run);
  const std::string unit = run.time_unit();
  for (const auto& diagnostic : kDiagnostics) cards += heat_card(run, layers, diagnostic, detail);
  return html +
         heading("Every layer over the " + unit + "s",
                 "Rows are layers from the input down to the output, columns are " + unit + "s; " + unit +
                     " 0 is before training. Hover for figures.") +
         grid(cards) + grid(lives_card(run) + layers_card(run));
}

}  // namespace actlab::report
