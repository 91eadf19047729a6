#include "lesson/network_measures.h"

#include <torch/autograd.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "activation/tensor_values.h"
#include "lesson/experiment.h"

namespace actlab {
namespace {

using torch::Tensor;

// So many points of a curve can be told apart.
constexpr int64_t kChartPoints = 60;

double mean_of(std::span<const double> values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return values.empty() ? kUndefined : sum / static_cast<double>(values.size());
}

}  // namespace

Measurement TrainingMeasure::run(const std::vector<Variant>& networks) const {
  Measurement result;
  result.chart.title = "Loss in training";
  result.chart.x = {.label = "step"};
  for (const auto& network : networks) {
    Experiment experiment(network.config);
    const std::vector<double> losses = experiment.train(steps);
    const std::span last = std::span(losses).last(static_cast<size_t>(std::max<int64_t>(steps / 10, 1)));
    result.figures.emplace_back(figure_name(network, "loss"), mean_of(last));
    const Evaluation held_out = experiment.held_out();
    result.figures.emplace_back(figure_name(network, held_out.headline.name), held_out.value);
    // Means of a few steps each: single batches scatter.
    const auto block = static_cast<size_t>(std::max<int64_t>(steps / kChartPoints, 1));
    Series series{.name = network.name};
    for (size_t first = 0; first + block <= losses.size(); first += block) {
      series.x.push_back(static_cast<double>(first + block));
      series.y.push_back(mean_of(std::span(losses).subspan(first, block)));
    }
    result.chart.series.push_back(series);
  }
  return result;
}

Measurement LearnedMeasure::run(const std::vector<Variant>& networks) const {
  Measurement result;
  result.chart.title = "Learned parameters of the activations";
  result.chart.x = {.label = "step"};
  for (const auto& network : networks) {
    Experiment experiment(network.config);
    std::vector<Series> curves;
    const auto note = [&](int64_t step) {
      size_t next = 0;
      for (const auto& layer : experiment.model().hidden()) {
        for (const auto& parameter : layer.activation->named_parameters()) {
          if (curves.size() == next) curves.push_back({.name = figure_name(network, layer.name)});
          curves[next].x.push_back(static_cast<double>(step));
          curves[next++].y.push_back(parameter.value().mean().item<double>());
        }
      }
    };
    note(0);
    const int64_t block = std::max<int64_t>(steps / kChartPoints, 1);
    for (int64_t done = 0; done < steps;) {
      const int64_t count = std::min(block, steps - done);
      experiment.train(count);
      note(done += count);
    }
    double moved = 0;
    for (const auto& curve : curves) {
      result.figures.emplace_back(curve.name, curve.y.back());
      moved = std::max(moved, std::abs(curve.y.back() - curve.y.front()));
    }
    result.figures.emplace_back(figure_name(network, "moved"), moved);
    std::ranges::move(curves, std::back_inserter(result.chart.series));
  }
  return result;
}

Measurement OutputGradientMeasure::run(const std::vector<Variant>& networks) const {
  Measurement result;
  result.chart.title = "The gradient at the output of the right class";
  result.chart.x = {.label = "probability of the right class", .percent = true};
  result.chart.y = {.label = "dL/dz"};
  for (const auto& network : networks) {
    Experiment experiment(network.config);
    experiment.model().to(torch::kFloat64);
    const Batch batch = experiment.batch(examples);
    const Tensor output = experiment.model().forward(batch.inputs.to(torch::kFloat64));
    const Tensor total = experiment.task().loss(output, batch.labels) * output.size(0);
    const Tensor gradient = torch::autograd::grad({total}, {output})[0];

    const Tensor probabilities = experiment.task().probabilities(output.detach());
    const Tensor labels = at::one_hot(batch.labels, probabilities.size(1));
    const int64_t outputs = output.size(1);  // one output stands for the second class
    const Tensor expected = (probabilities - labels).slice(1, probabilities.size(1) - outputs);
    result.figures.emplace_back(figure_name(network, "difference"),
                                (gradient - expected).abs().max().item<double>());

    const Tensor right = outputs > 1 ? batch.labels.unsqueeze(1) : at::zeros_like(batch.labels).unsqueeze(1);
    const auto [probability, order] = probabilities.gather(1, batch.labels.unsqueeze(1)).squeeze(1).sort();
    const Tensor at_right = gradient.gather(1, right).squeeze(1).index_select(0, order);
    result.chart.series.push_back(
        {.name = network.name, .x = values_of(probability), .y = values_of(at_right)});
  }
  return result;
}

}  // namespace actlab
