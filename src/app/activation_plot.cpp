#include "app/activation_plot.h"

#include "activation/shape.h"
#include "core/text.h"
#include "plot/ascii.h"
#include "plot/plot.h"
#include "plot/svg.h"

namespace actlab {
namespace {

// `relu'`, `(x * sigmoid(x))'`
std::string derivative_name(const ActivationSpec& spec) {
  const std::string name = short_text(spec);
  return spec.type == kFormulaType ? "(" + name + ")'" : name + "'";
}

// A line an activation, of the same colour in both.
struct Panels {
  std::vector<Series> functions, derivatives;
};

Panels panels_of(const std::vector<ActivationSpec>& specs, double from, double to) {
  constexpr int64_t kPoints = 801;
  Panels panels;
  for (const auto& spec : specs) {
    const SampledCurve curve = sampled_curve(ActivationCurve(spec), from, to, kPoints);
    panels.functions.push_back({.name = short_text(spec), .x = curve.x, .y = curve.value});
    panels.derivatives.push_back({.name = derivative_name(spec), .x = curve.x, .y = curve.slope});
  }
  return panels;
}

}  // namespace

std::string activation_svg(const std::vector<ActivationSpec>& specs, double from, double to) {
  constexpr double kWidth = 520;
  constexpr double kHeight = 380;
  const Panels panels = panels_of(specs, from, to);
  const auto panel = [&](const char* title, const std::vector<Series>& series) {
    return line_chart({.title = title,
                       .x = {.label = "x", .low = from, .high = to},
                       .series = series,
                       .end_labels = true,
                       .width = kWidth,
                       .height = kHeight});
  };
  std::vector<std::string> names;
  for (const auto& spec : specs) names.push_back(short_text(spec));
  const std::string title =
      join(names) + (specs.size() == 1 ? " and its derivative" : " and their derivatives");
  return svg_file(svg_grid({panel("f(x)", panels.functions), panel("f'(x)", panels.derivatives)}, 2, kWidth,
                           kHeight, title));
}

std::string activation_text(const std::vector<ActivationSpec>& specs, double from, double to, bool color) {
  constexpr int kWidth = 78;
  constexpr int kHeight = 17;
  const Panels panels = panels_of(specs, from, to);
  return "f(x)\n" + ascii_plot(panels.functions, kWidth, kHeight, color) + "\nf'(x)\n" +
         ascii_plot(panels.derivatives, kWidth, kHeight, color);
}

}  // namespace actlab
