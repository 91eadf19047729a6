#include "lesson/unit_measures.h"

#include <torch/autograd.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>

#include "activation/moments.h"
#include "activation/tensor_values.h"
#include "core/random.h"
#include "train/classification.h"

namespace actlab {
namespace {

using torch::Tensor;
using Pair = std::array<double, 2>;

constexpr Pair kGoal = {1, -1};
constexpr int64_t kMostSteps = 2000;  // a run that has not arrived by then counts as this long

// The way of the two weights in one run.
struct Way {
  std::vector<Pair> weights = {{0, 0}};
  double length = 0;
  int64_t one_sign = 0;

  int64_t steps() const { return static_cast<int64_t>(weights.size()) - 1; }
};

double distance(const Pair& a, const Pair& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1]);
}

// [kMostSteps * 2] outputs of the activation at standard normal numbers.
std::vector<double> draw_inputs(const ActivationCurve& curve, SplitMix64 random) {
  std::vector<double> numbers(2 * kMostSteps);
  for (double& number : numbers) number = random.normal();
  return values_of(curve.at(torch::tensor(numbers, torch::kFloat64)).value);
}

Way walk(const std::vector<double>& inputs, double rate) {
  Way way;
  const double near = 0.01 * distance(kGoal, {0, 0});
  for (size_t i = 0; i + 1 < inputs.size(); i += 2) {
    const Pair from = way.weights.back();
    const double error = (kGoal[0] - from[0]) * inputs[i] + (kGoal[1] - from[1]) * inputs[i + 1];
    const Pair to = {from[0] + rate * error * inputs[i], from[1] + rate * error * inputs[i + 1]};
    way.weights.push_back(to);
    way.length += distance(from, to);
    if ((to[0] - from[0]) * (to[1] - from[1]) > 0) ++way.one_sign;
    if (distance(to, kGoal) < near) break;
  }
  return way;
}

Series drawn(const Way& way, const std::string& name) {
  Series series{.name = name};
  for (const Pair& weights : way.weights) {
    series.x.push_back(weights[0]);
    series.y.push_back(weights[1]);
  }
  return series;
}

// A line of equal error around the goal, through the point that is `share` of the way from the goal to the
// start. The error of weights w is the mean of ((w - goal) x)^2 with independent inputs x of these moments:
// an ellipse along (1, 1) and (1, -1).
Series contour(const ActivationMoments& inputs, double share) {
  constexpr int kPoints = 96;
  const double together = inputs.second + inputs.mean * inputs.mean;
  const double apart = inputs.second - inputs.mean * inputs.mean;
  // The start lies from the goal along (-1, 1).
  const double reach = share * distance(kGoal, {0, 0});
  const double narrow = reach * std::sqrt(apart / together);
  Series series{.name = "", .color = 0, .faint = true};
  for (int i = 0; i <= kPoints; ++i) {
    const double angle = 2 * std::numbers::pi * i / kPoints;
    const double u = narrow * std::cos(angle) / std::numbers::sqrt2;
    const double v = reach * std::sin(angle) / std::numbers::sqrt2;
    series.x.push_back(kGoal[0] + u + v);
    series.y.push_back(kGoal[1] + u - v);
  }
  return series;
}

}  // namespace

Measurement ZigZagMeasure::run(const std::vector<Variant>&) const {
  Measurement result;
  result.chart.title = "The way of two weights; around the goal, lines of equal error";
  result.chart.points = {{0, 0, "start"}, {kGoal[0], kGoal[1], "goal"}};
  result.chart.equal = true;
  result.chart.height = 460;
  result.chart.x = {.label = "first weight"};
  result.chart.y = {.label = "second weight"};
  std::vector<Series> contours;
  for (const auto& activation : activations) {
    const std::string name = short_text(activation);
    const ActivationCurve curve(activation);
    const ActivationMoments moments = gaussian_moments(curve);
    const double rate = 1 / (2 * moments.second);
    if (contours.empty()) {
      for (const double share : {0.25, 0.5, 1.0}) contours.push_back(contour(moments, share));
      contours.back().name = "equal error of " + name;
    }
    int64_t steps = 0;
    int64_t one_sign = 0;
    double length = 0;
    for (int64_t i = 0; i < runs; ++i) {
      const Way way = walk(draw_inputs(curve, SplitMix64(stream_seed(seed, "zig-zag", {i}))), rate);
      steps += way.steps();
      one_sign += way.one_sign;
      length += way.length;
      if (i == 0) result.chart.series.push_back(drawn(way, name));
    }
    const auto count = static_cast<double>(runs);
    const auto all_steps = static_cast<double>(steps);
    result.figures.emplace_back(name + "_steps", all_steps / count);
    result.figures.emplace_back(name + "_path", length / count / distance(kGoal, {0, 0}));
    result.figures.emplace_back(name + "_one_sign", static_cast<double>(one_sign) / all_steps);
  }
  std::ranges::move(contours, std::back_inserter(result.chart.series));
  return result;
}

Measurement ConfidentStartMeasure::run(const std::vector<Variant>&) const {
  Measurement result;
  result.chart.title = "Output of the unit; its label is 0";
  result.chart.x = {.label = "step"};
  result.chart.y = {.low = 0, .high = 1};
  for (const auto& name : losses) {
    Node section = Node::map();
    section["type"] = Node::scalar(name);
    const Classification task(Loss(section), {"sigmoid", 1}, {"0", "1"});
    const Tensor label = at::zeros({1}, torch::kInt64);
    Tensor z = at::full({1, 1}, start, torch::kFloat64);
    Series series{.name = name};
    double first_gradient = 0;
    for (int64_t step = 0; step <= steps; ++step) {
      z = z.detach().requires_grad_(true);
      const Tensor output = at::sigmoid(z);
      const Tensor gradient = torch::autograd::grad({task.loss(output, label)}, {z})[0];
      if (step == 0) first_gradient = gradient.item<double>();
      series.x.push_back(static_cast<double>(step));
      series.y.push_back(output.item<double>());
      z = z.detach() - rate * gradient;
    }
    result.figures.emplace_back(name + "_gradient", first_gradient);
    result.figures.emplace_back(name + "_output", series.y.back());
    result.chart.series.push_back(series);
  }
  return result;
}

namespace {

constexpr int64_t kChannels = 64;
constexpr int64_t kLinearInputs = kChannels * 7 * 7;  // as the tutorial prints it

// The hidden part of the network for one black picture: the numbers that reach the linear layer, [1, F].
Tensor features_of(int64_t side, bool pooled) {
  torch::nn::Conv2d conv1(torch::nn::Conv2dOptions(1, 32, 3).padding(1));
  torch::nn::Conv2d conv2(torch::nn::Conv2dOptions(32, kChannels, 3).padding(1));
  const auto pool = [pooled](const Tensor& x) { return pooled ? at::max_pool2d(x, 2) : x; };
  const Tensor h = pool(at::relu(conv1->forward(at::zeros({1, 1, side, side}))));
  return pool(at::relu(conv2->forward(h))).flatten(1);
}

bool fits(const Tensor& features) {
  torch::nn::Linear linear(kLinearInputs, 10);
  try {
    linear->forward(features);
    return true;
  } catch (const c10::Error&) {
    return false;
  }
}

}  // namespace

Measurement PrintedCnnMeasure::run(const std::vector<Variant>&) const {
  const at::NoGradGuard no_gradients;
  Measurement result;
  for (const bool pooled : {false, true}) {
    const Tensor features = features_of(side, pooled);
    const std::string prefix = pooled ? "pooled_" : "";
    result.figures.emplace_back(prefix + "features", static_cast<double>(features.size(1)));
    result.figures.emplace_back(prefix + "fits", fits(features) ? 1 : 0);
  }
  Series printed{.name = "as printed"};
  Series pooled{.name = "with two max-pools"};
  Series wanted{.name = "what the linear layer takes", .dashed = true};
  for (int64_t size = 4; size <= 40; size += 4) {
    const auto x = static_cast<double>(size);
    printed.x.push_back(x), printed.y.push_back(kChannels * x * x);
    pooled.x.push_back(x), pooled.y.push_back(kChannels * x * x / 16);
    wanted.x.push_back(x), wanted.y.push_back(kLinearInputs);
  }
  result.chart.title = "Numbers that reach the linear layer";
  result.chart.x = {.label = "height and width of the picture"};
  result.chart.y = {.label = "features", .log = true};
  result.chart.series = {printed, pooled, wanted};
  return result;
}

}  // namespace actlab
