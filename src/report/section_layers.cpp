#include "report/section_layers.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/nan.h"
#include "plot/axis.h"
#include "plot/layer_chart.h"
#include "plot/svg.h"
#include "report/html.h"

namespace actlab::report {
namespace {

constexpr size_t kMostLayers = 24;
constexpr double kLeastReach = 3;  // of the x axis to either side

Bins bins_of(const LayerRecord& layer) {
  return {layer.value("histogram_low"), layer.value("histogram_high"), layer.histogram};
}

bool has_histograms(const Examination& examination) {
  return std::ranges::any_of(examination.layers,
                             [](const LayerRecord& layer) { return !layer.histogram.empty(); });
}

// At most `most` of them, evenly chosen, with the first and the last.
template <class T>
std::vector<const T*> spread(const std::vector<const T*>& all, size_t most) {
  if (all.size() <= most || most < 2) return all;
  std::vector<const T*> chosen;
  for (size_t i = 0; i < most; ++i) chosen.push_back(all[i * (all.size() - 1) / (most - 1)]);
  return chosen;
}

std::vector<const Examination*> frames_of(const Run& run, size_t most) {
  std::vector<const Examination*> all;
  for (const auto& examination : run.examinations) {
    if (has_histograms(examination)) all.push_back(&examination);
  }
  return spread(all, most);
}

const LayerRecord* layer_in(const Examination& examination, const std::string& name) {
  for (const auto& layer : examination.layers) {
    if (layer.layer == name) return &layer;
  }
  return nullptr;
}

const ActivationCurve* curve_of(const Run& run, const LayerRecord& layer) {
  for (const auto& curve : run.activations) {
    if (std::ranges::find(curve.layers, layer.layer) != curve.layers.end()) return &curve;
  }
  return nullptr;
}

// Where pre-activations lie: at zero, where the activation is flat, where it is nearly straight, in between.
struct Shares {
  double zero = 0, flat = 0, bent = 0, linear = 0;
};

Shares shares_of(const LayerRecord& layer) {
  const auto share = [&](const char* key) {
    const double value = layer.value(key);
    return std::isfinite(value) ? std::clamp(value, 0.0, 1.0) : 0;
  };
  Shares shares;
  // What is flat and not at zero; for ReLU nothing is.
  shares.zero = share("zeros");
  shares.flat = std::max(0.0, std::max(share("saturated"), share("off")) - shares.zero);
  shares.linear = std::min(share("linear"), 1 - shares.flat - std::min(shares.zero, 1 - shares.flat));
  shares.bent = std::max(0.0, 1 - shares.zero - shares.flat - shares.linear);
  return shares;
}

struct Part {
  const char* name;
  const char* css;
  double Shares::*share;
};
constexpr std::array<Part, 4> kParts = {{{"flat", "flat", &Shares::flat},
                                         {"zero", "zero", &Shares::zero},
                                         {"bend", "bent", &Shares::bent},
                                         {"linear", "linear", &Shares::linear}}};

std::string words_of(const Shares& shares) {
  std::string words;
  for (const auto& part : kParts) {
    if (shares.*part.share >= 0.005)
      words += (words.empty() ? "" : " · ") + std::string(part.name) + " " + percent(shares.*part.share, 0);
  }
  return words;
}

// A bar of four parts, and where it is the last one what they are in words.
std::string share_bar(const char* when, const Shares& shares, const std::string& all = "") {
  std::string parts;
  for (const auto& part : kParts)
    parts += "<i class=\"" + std::string(part.css) + "\" style=\"flex:" + figure(shares.*part.share, 3) +
             "\"></i>";
  const std::string words = escape(words_of(shares));
  return "<div class=\"sharebar\"" + (all.empty() ? "" : " data-shares=\"" + all + "\"") + " title=\"" +
         words + "\"><span>" + when + "</span><b>" + parts + "</b>" +
         (all.empty() ? "" : "<small>" + words + "</small>") + "</div>";
}

double reach_of(const Bins& bins) {
  return 0.7 * std::max(std::abs(bins.low), std::abs(bins.high));
}

// The same for all layers, so that they can be compared, but for one that lies far outside.
double common_reach(const std::vector<LayerChart>& charts) {
  std::vector<double> reaches;
  for (const auto& chart : charts) reaches.push_back(chart.high);
  std::ranges::sort(reaches);
  const double usual = reaches[reaches.size() / 2];
  double reach = kLeastReach;
  for (const double one : reaches) {
    if (one <= 2.5 * usual) reach = std::max(reach, one);
  }
  return reach;
}

// The histograms of one layer, first and over the frames; its own reach is in `high`.
LayerChart chart_of(const Run& run, const LayerRecord& layer, const std::vector<const Examination*>& frames) {
  LayerChart chart{.title = layer.layer + " · " + shorten(layer.activation, 22), .high = 0};
  if (const ActivationCurve* curve = curve_of(run, layer))
    chart.x = curve->x, chart.y = curve->y, chart.slope = curve->slope;
  for (const Examination* frame : frames) {
    const LayerRecord* then = layer_in(*frame, layer.layer);
    chart.frames.push_back(then == nullptr ? Bins() : bins_of(*then));
    if (!chart.frames.back().counts.empty()) chart.high = std::max(chart.high, reach_of(chart.frames.back()));
  }
  chart.before = frames.size() > 1 ? chart.frames.front() : Bins();
  return chart;
}

std::string bars_of(const std::string& name, const std::vector<const Examination*>& frames) {
  std::string all;
  for (const Examination* frame : frames) {
    const LayerRecord* then = layer_in(*frame, name);
    const Shares shares = then == nullptr ? Shares() : shares_of(*then);
    all += all.empty() ? "" : ";";
    for (const auto& part : kParts) all += figure(shares.*part.share, 3) + " ";
  }
  const LayerRecord* first = layer_in(*frames.front(), name);
  const LayerRecord* last = layer_in(*frames.back(), name);
  // What has several inputs has no slope to tell the parts by.
  if (last == nullptr || !std::isfinite(last->value("linear"))) return "";
  std::string html;
  if (frames.size() > 1 && first != nullptr) html += share_bar("before", shares_of(*first));
  html += share_bar(frames.size() > 1 ? "after" : "", shares_of(*last), all);
  return html;
}

std::string slider(const Run& run, const std::vector<const Examination*>& frames) {
  if (frames.size() < 2) return "";
  std::string times;
  for (const Examination* frame : frames)
    times += (times.empty() ? "" : " ") + figure(run.time_of(*frame), 9);
  const std::string last = std::to_string(frames.size() - 1);
  return "<label class=\"slider\" data-times=\"" + times +
         "\"><button type=\"button\" class=\"play\">▶ Play</button>" + std::string(run.time_unit()) +
         " <output>" + figure(run.time_of(*frames.back()), 9) +
         "</output><input type=\"range\" min=\"0\" max=\"" + last + "\" value=\"" + last +
         "\" aria-label=\"when\"/></label>";
}

constexpr const char* kKey =
    "<p class=\"key\"><span><i class=\"now\"></i>pre-activations after training</span>"
    "<span><i class=\"then\"></i>before</span><span><i class=\"f\"></i>f</span><span><i "
    "class=\"slope\"></i>f′</span>"
    "<span><i class=\"sharekey flat\"></i>flat: |f′| below a tenth of its largest</span>"
    "<span><i class=\"sharekey zero\"></i>output exactly zero</span>"
    "<span><i class=\"sharekey bent\"></i>in the bend</span>"
    "<span><i class=\"sharekey linear\"></i>linear: |f′| above nine tenths</span></p>";

}  // namespace

std::string layers_section(const Run& run, const Detail& detail) {
  const auto frames = frames_of(run, std::clamp<size_t>(detail.points / 60, 2, 25));
  if (frames.empty()) return "";
  std::vector<const LayerRecord*> all;
  for (const auto& layer : frames.back()->layers) all.push_back(&layer);
  const auto layers = spread(all, kMostLayers);
  std::vector<LayerChart> charts;
  for (const LayerRecord* layer : layers) charts.push_back(chart_of(run, *layer, frames));
  const double common = common_reach(charts);
  std::string pictures;
  for (size_t i = 0; i < charts.size(); ++i) {
    charts[i].high = charts[i].high <= common ? common : charts[i].high;
    charts[i].low = -charts[i].high;
    pictures += card("", "", layer_chart(charts[i]) + bars_of(layers[i]->layer, frames), "layer");
  }
  std::string hint =
      "The histogram of each layer's pre-activations under its function, from the input down to the output: "
      "what lies on "
      "shaded ground learns little. Histogram, f and f′ each have their own height.";
  if (layers.size() < all.size())
    hint +=
        " " + std::to_string(layers.size()) + " of " + std::to_string(all.size()) + " layers, evenly chosen.";
  return heading("What each layer feeds into its activation", hint) + "<div class=\"layers\">" +
         slider(run, frames) + kKey + "<div class=\"grid small\">" + pictures + "</div></div>\n";
}

}  // namespace actlab::report
