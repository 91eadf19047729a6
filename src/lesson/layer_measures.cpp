#include "lesson/layer_measures.h"

#include <array>
#include <cmath>
#include <numeric>

#include "core/text.h"
#include "diagnose/theory.h"
#include "lesson/draws.h"
#include "lesson/experiment.h"

namespace actlab {
namespace {

struct LayerFigure {
  const char* name;  // in diagnose's record of a layer
  const char* words;
  bool share = false;
};

constexpr std::array kLayerFigures = {
    LayerFigure{"pre_mean", "mean pre-activation"},
    LayerFigure{"pre_std", "standard deviation of pre-activations"},
    LayerFigure{"mean", "mean output"},
    LayerFigure{"std", "standard deviation of outputs"},
    LayerFigure{"centredness", "|mean| of outputs over their standard deviation"},
    LayerFigure{"zeros", "outputs that are exactly zero", true},
    LayerFigure{"dead", "dead units", true},
    LayerFigure{"saturated", "saturated units", true},
    LayerFigure{"off", "units that are off", true},
    LayerFigure{"at_bound", "outputs at a bound", true},
    LayerFigure{"delta", "gradient at the pre-activations"},
    LayerFigure{"delta_ratio", "that gradient over the next layer's"},
    LayerFigure{"weight_norm", "norm of the weights"},
    LayerFigure{"gradient_ratio", "gradient of the weights over the weights"},
    LayerFigure{"mean_delta", "norm of the mean gradient at the pre-activations"},
    LayerFigure{"weight_gradient", "norm of the weights' mean gradient"},
    LayerFigure{"bias_gradient", "norm of the biases' mean gradient"},
    LayerFigure{"unit_means_median", "median of the units' mean outputs"},
    LayerFigure{"one_sign_examples", "units whose weight gradients have one sign, for one example", true},
    LayerFigure{"one_sign_batch", "units whose weight gradients have one sign, for all examples", true},
};

const LayerFigure& layer_figure(std::string_view name) {
  for (const auto& figure : kLayerFigures) {
    if (name == figure.name) return figure;
  }
  return kLayerFigures.front();  // the config has been checked
}

std::vector<double> counted(size_t count) {
  std::vector<double> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 1.0);
  return numbers;
}

double mean_of_defined(const std::vector<double>& values) {
  double sum = 0;
  double count = 0;
  for (const double value : values) {
    if (std::isfinite(value)) sum += value, ++count;
  }
  return count > 0 ? sum / count : kUndefined;
}

// The number of that name in each layer.
std::vector<double> numbers_of(const Examination& examination, const std::string& name) {
  std::vector<double> numbers;
  for (const auto& layer : examination.layers) {
    const auto json = to_json(layer);
    const auto& value = json.at(name);
    numbers.push_back(value.is_number() ? value.get<double>() : kUndefined);
  }
  return numbers;
}

double summed_up(const std::vector<double>& layers, const std::string& summary) {
  if (layers.empty()) return kUndefined;
  if (summary == "first") return layers.front();
  if (summary == "last") return layers.back();
  if (summary == "mean") return mean_of_defined(layers);
  const auto steps = static_cast<double>(layers.size() - 1);
  return std::pow(layers.back() / layers.front(), 1 / steps);
}

LineChart layers_chart(const LayersMeasure& measure, bool relative) {
  const bool one = measure.figure.size() == 1;
  const LayerFigure& first = layer_figure(measure.figure.empty() ? "" : measure.figure.front());
  LineChart chart;
  const std::string when = measure.steps > 0 ? " after " + std::to_string(measure.steps) + " steps" : "";
  chart.title = one ? first.words + when : "Layer by layer" + when;
  chart.title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(chart.title[0])));
  chart.x = {.label = "hidden layer", .whole = true};
  chart.y = {
      .label = relative ? "over that of the first layer" : "", .log = relative, .percent = first.share};
  if (first.share) chart.y.low = 0, chart.y.high = 1, chart.bars = !relative;
  return chart;
}

// "standard deviation of pre-activations: by which factor it changes from one layer to the next, mean of 5
// networks"
std::string meaning_of(const LayersMeasure& measure) {
  std::vector<std::string> words;
  for (const auto& name : measure.figure) words.emplace_back(layer_figure(name).words);
  std::string text = join(words, "; ");
  if (measure.summary == "growth") text += ": by which factor it changes from one layer to the next";
  if (measure.summary == "mean") text += ": mean over the layers";
  if (measure.summary == "first" || measure.summary == "last")
    text += " in the " + measure.summary + " layer";
  if (measure.steps > 0) text += ", after " + std::to_string(measure.steps) + " steps";
  return measure.draws > 1 ? text + ", mean of " + std::to_string(measure.draws) + " networks" : text;
}

// One network, drawn several times: what each figure has in its layers.
struct DrawnLayers {
  std::vector<Draws> relative;                        // one a figure, as its mean is taken
  std::vector<std::vector<std::vector<double>>> raw;  // [figure][draw][layer]
  std::vector<std::string> ails;                      // one a draw
};

DrawnLayers draw_layers(const LayersMeasure& measure, const Config& config) {
  const bool growth = measure.summary == "growth";
  const size_t figures = measure.figure.size();
  DrawnLayers drawn;
  drawn.relative.assign(figures, Draws(growth ? Draws::Reference::kFirst : Draws::Reference::kNone));
  drawn.raw.resize(figures);
  for (int64_t draw = 0; draw < measure.draws; ++draw) {
    Experiment experiment(config, draw);
    experiment.train(measure.steps);
    const Examination examination = experiment.examine(measure.examples);
    drawn.ails.push_back(what_ails(examination));
    for (size_t i = 0; i < figures; ++i) {
      drawn.raw[i].push_back(numbers_of(examination, measure.figure[i]));
      drawn.relative[i].add(drawn.raw[i].back());
    }
  }
  return drawn;
}

// A line of a chart with its band, where several networks make one.
Series series_of(const LayerValues& values, const std::string& name, int color) {
  Series series{.name = name, .x = counted(values.mean.size()), .y = values.mean, .color = color};
  if (values.low != values.high) series.low = values.low, series.high = values.high;
  return series;
}

}  // namespace

std::vector<std::string> LayersMeasure::figures() {
  std::vector<std::string> names;
  for (const auto& figure : kLayerFigures) names.emplace_back(figure.name);
  return names;
}

Measurement LayersMeasure::run(const std::vector<Variant>& networks) const {
  Measurement result;
  result.chart = layers_chart(*this, summary == "growth");
  result.meaning = meaning_of(*this);
  for (const auto& network : networks) {
    const DrawnLayers drawn = draw_layers(*this, network.config);
    for (size_t i = 0; i < figure.size(); ++i) {
      const bool by_variant = figure.size() == 1 && !network.name.empty();
      const std::string name = by_variant ? network.name : figure_name(network, figure[i]);
      const std::vector<bool> used = drawn.relative[i].complete();
      const LayerValues layers = drawn.relative[i].values(name, used);
      result.figures.emplace_back(name, summed_up(layers.mean, summary));
      std::vector<double> each;
      for (size_t draw = 0; draw < used.size(); ++draw) {
        if (used[draw]) each.push_back(summed_up(drawn.raw[i][draw], summary));
      }
      if (draws > 1) result.spread[name] = spread_of(each);
      const bool alone = figure.size() * networks.size() == 1;
      result.chart.series.push_back(series_of(layers, alone ? "" : name, -1));
      result.layers.push_back(layers);
      const std::string note = left_out_text(name, used, drawn.ails, network.config.seed);
      if (!note.empty()) result.notes.push_back(note);
    }
  }
  return result;
}

namespace {

// What one network does to gradients, over all draws.
struct Vanishing {
  Draws ratios;
  Draws deltas{Draws::Reference::kLast};
  std::vector<std::string> ails;
  Theory theory;

  // A network that lacks one of the two is left out of both. A single layer has no next one.
  std::vector<bool> used() const {
    std::vector<bool> used = deltas.complete();
    if (theory.layers.size() < 2) return used;
    const std::vector<bool> with_ratio = ratios.complete();
    for (size_t i = 0; i < used.size(); ++i) used[i] = used[i] && with_ratio[i];
    return used;
  }
};

// Of each layer and the next.
std::vector<double> ratios_of(const std::vector<double>& deltas) {
  std::vector<double> ratios(deltas.size(), kUndefined);
  for (size_t i = 0; i + 1 < deltas.size(); ++i) {
    if (deltas[i + 1] > 0) ratios[i] = deltas[i] / deltas[i + 1];
  }
  return ratios;
}

Vanishing draw_vanishing(const VanishingMeasure& measure, const Config& config) {
  const bool batch = measure.gradient == "batch";
  Vanishing found;
  double second = 0;
  for (int64_t draw = 0; draw < measure.draws; ++draw) {
    Experiment experiment(config, draw);
    second += experiment.input_second(measure.examples) / static_cast<double>(measure.draws);
    const Examination examination = experiment.examine(measure.examples);
    const auto deltas = numbers_of(examination, batch ? "mean_delta" : "delta");
    found.ratios.add(batch ? ratios_of(deltas) : numbers_of(examination, "delta_ratio"));
    found.deltas.add(deltas);
    found.ails.push_back(what_ails(examination));
    if (draw + 1 == measure.draws) found.theory = predict(experiment.model(), experiment.init(), second);
  }
  return found;
}

// Figures, layers and lines of one network.
void report_vanishing(const Variant& network, const Vanishing& found, int color, Measurement& result) {
  const auto named = [&](const char* name) { return figure_name(network, name); };
  const auto used = found.used();
  const LayerValues ratios = found.ratios.values(named("delta_ratio"), used);
  const LayerValues deltas = found.deltas.values(named("measured"), used);
  LayerValues predicted{.name = named("theory_ratio")};
  LayerValues gradients{.name = named("theory")};
  for (const auto& layer : found.theory.layers) {
    predicted.mean.push_back(layer.delta_ratio);
    gradients.mean.push_back(layer.gradient);
  }
  const double ratio = mean_of_defined(ratios.mean);
  const double expected = mean_of_defined(predicted.mean);
  result.figures.emplace_back(named("ratio"), ratio);
  result.figures.emplace_back(named("theory"), expected);
  result.figures.emplace_back(named("agreement"), ratio / expected);
  result.figures.emplace_back(named("first_layer"), deltas.mean.empty() ? kUndefined : deltas.mean[0]);
  std::vector<double> each_ratio, each_agreement, each_first;
  for (size_t draw = 0; draw < used.size(); ++draw) {
    if (!used[draw]) continue;
    each_ratio.push_back(mean_of_defined(found.ratios.of(draw)));
    each_agreement.push_back(each_ratio.back() / expected);
    each_first.push_back(found.deltas.of(draw).front());
  }
  if (used.size() > 1) {
    result.spread[named("ratio")] = spread_of(each_ratio);
    result.spread[named("agreement")] = spread_of(each_agreement);
    result.spread[named("first_layer")] = spread_of(each_first);
  }
  result.chart.series.push_back(series_of(deltas, deltas.name, color));
  Series theory = series_of(gradients, gradients.name, color);
  theory.wide = true;
  result.chart.series.push_back(theory);
  for (const auto& values : {ratios, predicted, deltas, gradients}) result.layers.push_back(values);
  const std::string note = left_out_text(network.name.empty() ? "the figures" : network.name, used,
                                         found.ails, network.config.seed);
  if (!note.empty()) result.notes.push_back(note);
}

// The network with another activation and the weights that suit a ReLU, to be seen beside it.
Variant with_activation(const Variant& network, const std::string& activation) {
  Variant other{network.name.empty() ? activation : network.name + "_" + activation, network.config};
  Node init = Node::map();
  init["type"] = Node::scalar("he_normal");
  init["bias"] = Node::scalar("zero");
  other.config.model["activation"] = Node::scalar(activation);
  other.config.model["init"] = init;
  return other;
}

}  // namespace

Measurement VanishingMeasure::run(const std::vector<Variant>& networks) const {
  Measurement result;
  result.chart.title = "The gradient at each layer, over that at the last";
  result.chart.x = {.label = "hidden layer", .whole = true};
  result.chart.y = {
      .label = gradient == "batch" ? "norm of the mean of dL/dz over the examples" : "norm of dL/dz",
      .log = true};
  result.meaning = gradient == "batch"
                       ? "norms of the mean gradient of the examples at the pre-activations, which "
                         "is that of the biases: of a layer over that of the next"
                       : "norms of dL/d(pre-activation): of a layer over that of the next";
  if (draws > 1) result.meaning += ", mean of " + std::to_string(draws) + " networks";
  std::vector<Variant> all = networks;
  for (const auto& network : networks) {
    if (beside != "none") all.push_back(with_activation(network, beside));
  }
  for (size_t i = 0; i < all.size(); ++i) {
    report_vanishing(all[i], draw_vanishing(*this, all[i].config), static_cast<int>(i), result);
  }
  return result;
}

}  // namespace actlab
