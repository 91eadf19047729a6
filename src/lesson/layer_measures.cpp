#include "lesson/layer_measures.h"

#include <array>
#include <cmath>
#include <numeric>

#include "diagnose/theory.h"
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
    LayerFigure{"at_bound", "outputs at a bound", true},
    LayerFigure{"delta", "gradient at the pre-activations"},
    LayerFigure{"delta_ratio", "that gradient over the next layer's"},
    LayerFigure{"weight_norm", "norm of the weights"},
    LayerFigure{"gradient_ratio", "gradient of the weights over the weights"},
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

// Means over draws of networks: of values, or of the logarithms of their ratios to those of a reference
// layer.
class LayerMeans {
 public:
  enum class Reference { kNone, kFirst, kLast };
  explicit LayerMeans(Reference reference) : reference_(reference) {}

  void add(const std::vector<double>& layers) {
    sums_.resize(layers.size());
    for (size_t i = 0; i < layers.size(); ++i) {
      const double reference = reference_ == Reference::kFirst ? layers.front() : layers.back();
      sums_[i] += relative() ? std::log(layers[i] / reference) : layers[i];
    }
    ++count_;
  }
  std::vector<double> values() const {
    std::vector<double> values = sums_;
    for (double& value : values) {
      value /= count_;
      if (relative()) value = std::exp(value);
    }
    return values;
  }

 private:
  bool relative() const { return reference_ != Reference::kNone; }

  Reference reference_;
  double count_ = 0;
  std::vector<double> sums_;
};

LineChart layers_chart(const LayersMeasure& measure, bool relative) {
  const bool one = measure.figure.size() == 1;
  const LayerFigure& first = layer_figure(measure.figure.empty() ? "" : measure.figure.front());
  LineChart chart;
  const std::string when = measure.steps > 0 ? " after " + std::to_string(measure.steps) + " steps" : "";
  chart.title = one ? first.words + when : "Layer by layer" + when;
  chart.title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(chart.title[0])));
  chart.x = {.label = "hidden layer"};
  chart.y = {
      .label = relative ? "over that of the first layer" : "", .log = relative, .percent = first.share};
  if (first.share) chart.y.low = 0, chart.y.high = 1;
  return chart;
}

}  // namespace

std::vector<std::string> LayersMeasure::figures() {
  std::vector<std::string> names;
  for (const auto& figure : kLayerFigures) names.emplace_back(figure.name);
  return names;
}

Measurement LayersMeasure::run(const std::vector<Variant>& networks) const {
  Measurement result;
  const bool growth = summary == "growth";
  result.chart = layers_chart(*this, growth);
  for (const auto& network : networks) {
    std::vector<LayerMeans> means(
        figure.size(), LayerMeans(growth ? LayerMeans::Reference::kFirst : LayerMeans::Reference::kNone));
    for (int64_t draw = 0; draw < draws; ++draw) {
      Experiment experiment(network.config, draw);
      experiment.train(steps);
      const Examination examination = experiment.examine(examples);
      for (size_t i = 0; i < figure.size(); ++i) means[i].add(numbers_of(examination, figure[i]));
    }
    for (size_t i = 0; i < figure.size(); ++i) {
      const bool by_variant = figure.size() == 1 && !network.name.empty();
      const std::string name = by_variant ? network.name : figure_name(network, figure[i]);
      const auto layers = means[i].values();
      result.figures.emplace_back(name, summed_up(layers, summary));
      const bool alone = figure.size() * networks.size() == 1;
      result.chart.series.push_back({.name = alone ? "" : name, .x = counted(layers.size()), .y = layers});
    }
  }
  return result;
}

Measurement VanishingMeasure::run(const std::vector<Variant>& networks) const {
  Measurement result;
  result.chart.title = "The gradient at each layer, over that at the last";
  result.chart.x = {.label = "hidden layer"};
  result.chart.y = {.label = "norm of dL/dz", .log = true};
  for (size_t i = 0; i < networks.size(); ++i) {
    const Variant& network = networks[i];
    LayerMeans ratios(LayerMeans::Reference::kNone);
    LayerMeans deltas(LayerMeans::Reference::kLast);
    Theory theory;
    for (int64_t draw = 0; draw < draws; ++draw) {
      Experiment experiment(network.config, draw);
      if (draw == 0) theory = predict(experiment.model(), experiment.init());
      const Examination examination = experiment.examine(examples);
      ratios.add(numbers_of(examination, "delta_ratio"));
      deltas.add(numbers_of(examination, "delta"));
    }
    std::vector<double> predicted;
    std::vector<double> gradients;
    for (const auto& layer : theory.layers) {
      predicted.push_back(layer.delta_ratio);
      gradients.push_back(layer.gradient);
    }
    const double ratio = mean_of_defined(ratios.values());
    const double expected = mean_of_defined(predicted);
    const auto curve = deltas.values();
    result.figures.emplace_back(figure_name(network, "ratio"), ratio);
    result.figures.emplace_back(figure_name(network, "theory"), expected);
    result.figures.emplace_back(figure_name(network, "agreement"), ratio / expected);
    result.figures.emplace_back(figure_name(network, "first_layer"), curve.empty() ? kUndefined : curve[0]);
    const auto add = [&](const char* name, const std::vector<double>& y, bool dashed) {
      result.chart.series.push_back({.name = figure_name(network, name),
                                     .x = counted(y.size()),
                                     .y = y,
                                     .color = static_cast<int>(i),
                                     .dashed = dashed});
    };
    add("measured", curve, false);
    add("theory", gradients, true);
  }
  return result;
}

}  // namespace actlab
