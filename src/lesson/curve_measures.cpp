#include "lesson/curve_measures.h"

#include "activation/moments.h"
#include "activation/tensor_values.h"

namespace actlab {
namespace {

using torch::Tensor;

// Holds 0 and all multiples of 1/100 exactly enough.
Tensor grid(double end, int64_t steps_a_unit) {
  const auto half = static_cast<int64_t>(end) * steps_a_unit;
  return at::arange(-half, half + 1, torch::kFloat64) / static_cast<double>(steps_a_unit);
}

LineChart curve_chart(const ActivationCurve& curve, const SlopeMeasure& options) {
  constexpr double kShown = 8;
  const Tensor x = grid(kShown, 20);
  const auto points = curve.at(x);
  LineChart chart;
  chart.title = short_text(options.activation) + " and its slope";
  chart.x = {.label = "x"};
  chart.series = {{.name = "f(x)", .x = values_of(x), .y = values_of(points.value)},
                  {.name = "f'(x)", .x = values_of(x), .y = values_of(points.slope)}};
  if (options.beyond > 0 && options.beyond <= kShown) {
    chart.marks = {{-options.beyond, ""}, {options.beyond, ""}};
  }
  return chart;
}

}  // namespace

Measurement SlopeMeasure::run(const std::vector<Variant>&) const {
  const ActivationCurve curve(activation);
  const Tensor x = grid(100, 1000);
  const Tensor slope = curve.at(x).slope.abs();
  const double steepest = slope.max().item<double>();
  const double where = x[slope.argmax()].item<double>();
  Measurement result{{{"steepest", steepest}, {"where", where}}, curve_chart(curve, *this)};
  if (beyond > 0) {
    const double outside = slope.index({x.abs() >= beyond}).max().item<double>();
    result.figures.emplace_back("outside", outside);
    result.figures.emplace_back("share", outside / steepest);
  }
  return result;
}

}  // namespace actlab
