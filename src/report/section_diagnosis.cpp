#include "report/section_diagnosis.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/nan.h"
#include "core/shell.h"
#include "plot/axis.h"
#include "plot/svg.h"
#include "report/html.h"
#include "report/measures.h"
#include "report/vital_signs.h"

namespace actlab::report {
namespace {

constexpr size_t kMostVerdicts = 40;
constexpr size_t kMostRemedies = 10;  // of a verdict

std::string units_in_words(const std::vector<int64_t>& units) {
  constexpr size_t kMost = 12;
  std::string text;
  for (size_t i = 0; i < std::min(units.size(), kMost); ++i)
    text += (i == 0 ? "#" : ", #") + std::to_string(units[i]);
  if (units.size() > kMost) text += ", … (" + std::to_string(units.size()) + ")";
  return text.empty() ? "–" : text;
}

// "1 of 64"
std::string dead_of(const LayerRecord& layer) {
  return std::to_string(layer.dead_units.size()) + " of " + figure(layer.value("units"), 9);
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
    const double value = layer.value(key);
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
  Table table({"layer", "units", "births", "deaths", "revivals", "dead now", "which"});
  const double examples = run.examinations.back().examples;
  constexpr size_t kMostLayers = 200;
  bool any = false;
  auto lives = lives_of(run);
  const auto& last = run.examinations.back().layers;
  for (size_t i = 0; i < std::min(last.size(), kMostLayers); ++i) {
    const Lives& sums = lives[last[i].layer];
    any = any || sums.births + sums.deaths + sums.revivals > 0 || !last[i].dead_units.empty();
    table.add({last[i].layer, figure(last[i].value("units"), 9), figure(sums.births, 9),
               figure(sums.deaths, 9), figure(sums.revivals, 9), dead_of(last[i]),
               units_in_words(last[i].dead_units)});
  }
  if (!any) return "";
  return card(
      "Births, deaths and revivals of units",
      "A dead unit answered all " + (std::isfinite(examples) ? figure(examples, 9) + " " : "") +
          "examined examples alike; others might wake it, so this is an upper bound. Births came alive "
          "for the first time, revivals came back. Units count from 0.",
      table.html(), "wide");
}

std::string layers_card(const Run& run) {
  constexpr size_t kMostLayers = 200;
  const Examination& last = run.examinations.back();
  Table table({"layer", "activation", "fan-in", "pre mean", "pre std", "mean", "std", "zeros", "dead",
               "saturated", "off", "delta", "ratio", "update/weight"});
  const auto share = [](double value) { return std::isfinite(value) ? percent(value, 1) : std::string("–"); };
  for (size_t i = 0; i < std::min(last.layers.size(), kMostLayers); ++i) {
    const LayerRecord& layer = last.layers[i];
    const auto value = [&](const char* key) { return figure(layer.value(key), 3); };
    table.add({layer.layer, shorten(layer.activation, 24), figure(layer.value("fan_in"), 9),
               value("pre_mean"), value("pre_std"), value("mean"), value("std"), share(layer.value("zeros")),
               share(layer.value("dead")), share(layer.value("saturated")), share(layer.value("off")),
               value("delta"), value("delta_ratio"), value("update_ratio")});
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
    // Where training diverged the page begins with just that.
    if (!verdict.evidence.empty() && !run.divergence.starts_with(verdict.evidence))
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

std::string diagnosis_section(const Run& run, const std::string& id, const Detail& detail) {
  std::string verdicts = verdict_cards(run);
  if (run.diagnosed && run.verdicts.empty())
    verdicts = "<p class=\"allgood\">The diagnosis found nothing to mend.</p>";
  if (run.examinations.empty()) return verdicts;
  std::string cards;
  const std::string unit = run.time_unit();
  for (const auto& measure : further_measures()) cards += measure_card(run, measure, id, detail);
  return network_strip(run) + vital_signs(run, id, detail) + verdicts + "<details class=\"more\" id=\"" + id +
         "-more\"><summary>More: every measure of every layer, over the " + unit + "s</summary>" +
         paragraph("Grey is ordinary; colour begins where a verdict does. " +
                       std::string(few_layers(run)
                                       ? ""
                                       : "Rows are layers from the input down to the output, columns are ") +
                       (few_layers(run) ? "" : unit + "s; ") + unit + " 0 is before training.",
                   "hint") +
         grid(cards, "small") + grid(lives_card(run) + layers_card(run)) + "</details>\n";
}

}  // namespace actlab::report
