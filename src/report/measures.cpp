#include "report/measures.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/nan.h"
#include "plot/axis.h"
#include "plot/decimate.h"
#include "plot/heat_map.h"
#include "plot/plot.h"
#include "report/html.h"

namespace actlab::report {
namespace {

constexpr size_t kFewLayers = 4;
constexpr double kNarrow = 380;  // pixels: three beside each other

constexpr Measure kLeading[] = {
    {"gradient", "Gradient size",
     "Of each layer, over that of the last: what fades towards the first layers vanishes, what grows "
     "explodes.",
     false, true, 1e-6, 1e6, 1 / limits::kGradientSpan, limits::kGradientSpan},
    {"dead",
     "Dead and saturated units",
     "Shares: units that answer all examples alike, and pre-activations where a bounded activation is "
     "flat.",
     true,
     false,
     0,
     1,
     {},
     limits::kDead},
    {"update_ratio", "Update to weight",
     "Size of the last step over that of the weights; about 0.001 is usual.", false, true, 1e-7, 1,
     limits::kSmallUpdate, limits::kLargeUpdate}};

constexpr Measure kFurther[] = {
    {"gradient", "Gradient by layer", "Size of dL/d(pre-activation) over that in the last layer.", false,
     true, 1e-6, 1e6, 1 / limits::kGradientSpan, limits::kGradientSpan},
    {"delta_ratio", "Gradient, from layer to layer",
     "Over that of the next layer: 1 keeps it on its way back.", false, true, 0.1, 10},
    {"delta", "Delta", "Size (root mean square) of dL/d(pre-activation).", false, true, 1e-6, 1},
    {"dead",
     "Dead units",
     "Share of units that answer all examined examples alike. Where the slope is 0, too, their weights no "
     "longer learn.",
     true,
     false,
     0,
     1,
     {},
     limits::kDead},
    {"zeros", "Zero outputs",
     "Share of outputs that are exactly zero. About half is healthy for ReLU; it is no sign of death.", true,
     false, 0, 1},
    {"beyond_zeros",
     "Saturated",
     "Share of pre-activations where the slope of a bounded activation is under a tenth of its largest.",
     true,
     false,
     0,
     1,
     {},
     limits::kSaturated},
    {"off", "Off",
     "Share of pre-activations where an activation that is made to be off is: its slope is 0 there.", true,
     false, 0, 1},
    {"at_bound", "At a bound", "Share of outputs within 5 % of a bound of the activation's range.", true,
     false, 0, 1},
    {"gradient_ratio", "Gradient to weight", "Norm of the weights' gradient over that of the weights.", false,
     true, 1e-6, 1},
    {"update_ratio", "Update to weight",
     "Norm of the last update over that of the weights; about 0.001 is usual.", false, true, 1e-7, 1,
     limits::kSmallUpdate, limits::kLargeUpdate},
    {"centredness",
     "Off centre",
     "|mean| over standard deviation of the outputs: 0 is centred on zero.",
     false,
     false,
     0,
     3,
     {},
     limits::kOffCentre},
    {"one_sign_examples",
     "One sign, an example",
     "Share of units whose incoming weight gradients all have one sign for an example: they can only move "
     "together, which "
     "is the zig-zag.",
     true,
     false,
     0,
     1,
     {},
     limits::kOneSignExamples},
    {"one_sign_batch",
     "One sign, a batch",
     "The same for the gradient of a whole batch.",
     true,
     false,
     0,
     1,
     {},
     limits::kOneSignBatch},
    {"mean", "Mean output", "Mean of the outputs.", false, false, -1, 1},
    {"std", "Spread of outputs", "Standard deviation of the outputs.", false, true, 0.1, 10},
    {"pre_mean", "Mean pre-activation", "Mean of what goes into the activation.", false, false, -2, 2},
    {"pre_std", "Spread of pre-activations", "Standard deviation of what goes into the activation.", false,
     true, 0.1, 10}};

// What is 0 still has its place on a logarithmic axis: at its end.
double shown_value(const Measure& measure, double value) {
  return measure.log && value <= 0 ? measure.low : value;
}

HeatMap map_of(const Run& run, const std::vector<std::string>& layers, const Measure& measure) {
  HeatMap map{.x_label = run.time_unit(),
              .rows = layers,
              .log = measure.log,
              .percent = measure.percent,
              .low = measure.low,
              .high = measure.high,
              .grey = true,
              .below = measure.below,
              .above = measure.above};
  map.values.assign(layers.size(), {});
  std::map<std::string, size_t> place;
  for (size_t i = 0; i < layers.size(); ++i) place[layers[i]] = i;
  for (const auto& examination : run.examinations) {
    map.columns.push_back(run.time_of(examination));
    for (auto& row : map.values) row.push_back(kNaN);
    for (size_t i = 0; i < examination.layers.size(); ++i) {
      const auto found = place.find(examination.layers[i].layer);
      if (found != place.end())
        map.values[found->second].back() = shown_value(measure, measured(examination, i, measure.key));
    }
  }
  return map;
}

std::vector<std::pair<double, std::string>> limits_of(const Measure& measure) {
  std::vector<std::pair<double, std::string>> limits;
  const auto text = [&](double value) { return measure.percent ? percent(value, 0) : figure(value, 3); };
  if (measure.below) limits.emplace_back(*measure.below, "too small below " + text(*measure.below));
  if (measure.above) limits.emplace_back(*measure.above, "too large above " + text(*measure.above));
  return limits;
}

// What a line is of, where a chart has several measures: ", saturated".
std::string kind_of(const std::vector<std::string>& keys, size_t k) {
  if (keys.size() == 1) return "";
  return keys[k] == "beyond_zeros" ? ", saturated" : ", " + spoken(keys[k]);
}

// A line a layer and key, over the examinations.
std::vector<Series> over_time(const Run& run, const Measure& measure, const std::vector<std::string>& keys,
                              const Detail& detail) {
  const auto layers = layers_of(run);
  std::vector<Series> lines;
  for (size_t k = 0; k < keys.size(); ++k) {
    for (size_t i = 0; i < layers.size(); ++i) {
      Series line{.name = layers[i] + kind_of(keys, k), .color = static_cast<int>(i), .dashed = k > 0};
      for (const auto& examination : run.examinations) {
        line.x.push_back(run.time_of(examination));
        line.y.push_back(
            i < examination.layers.size() ? shown_value(measure, measured(examination, i, keys[k])) : kNaN);
      }
      if (std::ranges::any_of(line.y, [](double y) { return std::isfinite(y); }))
        lines.push_back(decimated(line, detail.points / 2));
    }
  }
  return lines;
}

// A line an examination and key, over the depth.
std::vector<Series> over_depth(const Run& run, const Measure& measure, const std::vector<std::string>& keys,
                               const Detail& detail) {
  std::vector<const Examination*> shown = {&run.examinations.back()};
  if (run.examinations.size() > 1) shown.push_back(&run.examinations.front());
  std::vector<Series> lines;
  for (size_t k = 0; k < keys.size(); ++k) {
    for (size_t e = 0; e < shown.size(); ++e) {
      const std::string when = run.time_of(*shown[e]) == 0
                                   ? "before training"
                                   : std::string(run.time_unit()) + " " + figure(run.time_of(*shown[e]), 9);
      Series line{.name = when + kind_of(keys, k),
                  .color = static_cast<int>(2 * k + (e == 0 ? 0 : 1)),
                  .dashed = e > 0};
      for (size_t i = 0; i < shown[e]->layers.size(); ++i) {
        line.x.push_back(static_cast<double>(i + 1));
        line.y.push_back(shown_value(measure, measured(*shown[e], i, keys[k])));
      }
      if (std::ranges::any_of(line.y, [](double y) { return std::isfinite(y); }))
        lines.push_back(decimated(line, detail.points / 2));
    }
  }
  return lines;
}

// At least the measure's own range, and all of the data.
Axis axis_of(const Measure& measure, const std::vector<Series>& lines) {
  Extent extent(measure.log);
  extent.add(measure.low);
  extent.add(measure.high);
  for (const auto& line : lines) extent.add(line.y);
  const Scale scale = extent.scale(0.03);
  return {.log = measure.log,
          .percent = measure.percent,
          .low = measure.percent ? std::max(scale.low, 0.0) : scale.low,
          .high = measure.percent ? std::min(scale.high, 1.03) : scale.high};
}

}  // namespace

const std::vector<Measure>& leading_measures() {
  static const std::vector<Measure> measures(std::begin(kLeading), std::end(kLeading));
  return measures;
}

const std::vector<Measure>& further_measures() {
  static const std::vector<Measure> measures(std::begin(kFurther), std::end(kFurther));
  return measures;
}

double measured(const Examination& examination, size_t layer, const std::string& key) {
  const LayerRecord& record = examination.layers[layer];
  if (key == "beyond_zeros") {
    const double zeros = record.value("zeros");
    return std::isfinite(record.value("at_bound")) && std::isfinite(zeros) ? record.value("saturated") - zeros
                                                                           : kNaN;
  }
  if (key != "gradient") return record.value(key);
  double gradient = std::isfinite(record.value("delta")) ? 1 : kNaN;
  for (size_t i = layer; i + 1 < examination.layers.size(); ++i)
    gradient *= examination.layers[i].value("delta") == 0 ? 0 : examination.layers[i].value("delta_ratio");
  return gradient;
}

std::vector<std::string> layers_of(const Run& run) {
  std::vector<std::string> names;
  for (const auto& examination : run.examinations) {
    if (examination.layers.size() <= names.size()) continue;
    names.clear();
    for (const auto& layer : examination.layers) names.push_back(layer.layer);
  }
  return names;
}

bool few_layers(const Run& run) {
  return layers_of(run).size() <= kFewLayers;
}

std::string measure_card(const Run& run, const Measure& measure, const std::string& id,
                         const Detail& detail) {
  if (few_layers(run) && run.examinations.size() > 1) {
    const auto lines = over_time(run, measure, {measure.key}, detail);
    if (lines.empty()) return "";
    return card(measure.title, measure.meaning,
                line_chart({.x = {.label = run.time_unit(), .whole = true},
                            .y = axis_of(measure, lines),
                            .series = lines,
                            .limits = limits_of(measure),
                            .width = kNarrow,
                            .height = 210,
                            .id = id + "-" + measure.key}));
  }
  const HeatMap map = map_of(run, layers_of(run), measure);
  const HeatMap small = merged(map, detail.cells);
  Extent shown(map.log);
  for (const auto& row : map.values) shown.add(row);
  if (shown.empty()) return "";
  std::string meaning = measure.meaning;
  if (small.columns.size() < map.columns.size() || small.values.size() < map.values.size())
    meaning += " Neighbouring cells are shown as their mean.";
  return card(measure.title, meaning, heat_map(small));
}

std::string leading_chart(const Run& run, const Measure& measure, const std::vector<std::string>& keys,
                          const std::string& id, const Detail& detail) {
  const bool in_time = few_layers(run) && run.examinations.size() > 1;
  const auto lines = in_time ? over_time(run, measure, keys, detail) : over_depth(run, measure, keys, detail);
  if (lines.empty()) return "";
  const Axis x = in_time ? Axis{.label = run.time_unit(), .whole = true}
                         : Axis{.label = "layer, from the input on", .whole = true};
  return line_chart({.x = x,
                     .y = axis_of(measure, lines),
                     .series = lines,
                     .limits = limits_of(measure),
                     .width = kNarrow,
                     .height = 250,
                     .id = id + "-lead-" + measure.key});
}

}  // namespace actlab::report
