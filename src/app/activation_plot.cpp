#include "app/activation_plot.h"

#include "activation/moments.h"
#include "activation/tensor_values.h"
#include "core/text.h"
#include "plot/svg.h"

namespace actlab {
namespace {

// `relu'`, `(x * sigmoid(x))'`
std::string derivative_name(const ActivationSpec& spec) {
  const std::string name = short_text(spec);
  return spec.type == kFormulaType ? "(" + name + ")'" : name + "'";
}

}  // namespace

std::vector<Series> activation_series(const std::vector<ActivationSpec>& specs, double from, double to) {
  constexpr int64_t kPoints = 801;
  const torch::Tensor x = at::linspace(from, to, kPoints, torch::kFloat64);
  std::vector<Series> series;
  for (size_t i = 0; i < specs.size(); ++i) {
    const auto [value, slope] = ActivationCurve(specs[i]).at(x);
    const auto color = static_cast<int>(i);
    series.push_back(
        {.name = short_text(specs[i]), .x = values_of(x), .y = values_of(value), .color = color});
    series.push_back({.name = derivative_name(specs[i]),
                      .x = values_of(x),
                      .y = values_of(slope),
                      .color = color,
                      .dashed = true});
  }
  return series;
}

std::string activation_svg(const std::vector<ActivationSpec>& specs, double from, double to) {
  std::vector<std::string> names;
  for (const auto& spec : specs) names.push_back(short_text(spec));
  LineChart chart;
  chart.title = join(names) + (specs.size() == 1 ? " and its derivative" : " and their derivatives");
  chart.x = {.label = "x", .low = from, .high = to};
  chart.series = activation_series(specs, from, to);
  chart.width = 720;
  chart.height = 420;
  return svg_file(line_chart(chart));
}

}  // namespace actlab
