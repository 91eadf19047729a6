#include "plot/frame.h"

#include <algorithm>
#include <cmath>

#include "plot/color.h"
#include "plot/svg.h"

namespace actlab {
namespace {

constexpr size_t kLegendEntries = 60;
constexpr size_t kLegendCharacters = 34;

std::string legend_key(const LegendEntry& entry, double x, double y) {
  const std::string line = "M" + px(x) + " " + px(y - 4) + "h14";
  return element("path",
                 {{"class", "line s" + std::to_string(entry.color % kSeriesColors) + " " + entry.style},
                  {"d", line},
                  {"stroke", series_color(entry.color)}});
}

}  // namespace

double draw_heading(std::string& svg, const std::string& title, const std::vector<LegendEntry>& legend,
                    double width) {
  double y = 4;
  if (!title.empty()) {
    y += 14;
    svg += svg_text(8, y, title, "title");
    y += 4;
  }
  if (legend.empty()) return y + 8;
  svg += "<g class=\"legend\">";
  double x = 8;
  y += 14;
  for (size_t i = 0; i < legend.size() && i <= kLegendEntries; ++i) {
    const bool more = i == kLegendEntries;
    const std::string name = more ? "+ " + std::to_string(legend.size() - i) + " more"
                                  : shorten(legend[i].name, kLegendCharacters);
    const double needed = 20 + text_width(name, kWidestFontSize) + 12;
    if (x > 8 && x + needed > width) {
      x = 8;
      y += 16;
    }
    if (!more) svg += legend_key(legend[i], x, y);
    svg += svg_text(x + (more ? 0 : 19), y, name, "name");
    x += needed;
  }
  svg += "</g>";
  return y + 12;
}

std::vector<double> axis_ticks(const Axis& axis, const Scale& scale, int count) {
  std::vector<double> ticks = scale.ticks(count);
  if (axis.whole) std::erase_if(ticks, [](double tick) { return tick != std::round(tick); });
  return ticks;
}

std::vector<std::string> axis_texts(const Axis& axis, const std::vector<double>& ticks) {
  if (!axis.percent) return tick_texts(ticks);
  std::vector<double> scaled = ticks;
  for (double& tick : scaled) tick *= 100;
  std::vector<std::string> texts = tick_texts(scaled);
  for (auto& text : texts) text += " %";
  return texts;
}

double tick_margin(const Axis& axis, const Scale& scale) {
  double widest = 0;
  for (const auto& text : axis_texts(axis, axis_ticks(axis, scale, kTicksY)))
    widest = std::max(widest, text_width(text, kWidestFontSize));
  return std::max(30.0, widest + 12);
}

std::string draw_axes(const Box& box, const Axis& x, const Scale& x_scale, const Axis& y,
                      const Scale& y_scale) {
  std::string svg = "<g class=\"axis-y\">";
  const auto y_ticks = axis_ticks(y, y_scale, kTicksY);
  const auto y_texts = axis_texts(y, y_ticks);
  for (size_t i = 0; i < y_ticks.size(); ++i) {
    const double at = y_scale(y_ticks[i]);
    svg += element("path", {{"class", "grid"},
                            {"d", "M" + px(box.left) + " " + px(at) + "h" + px(box.width)},
                            {"stroke", "#ddd"}});
    svg += svg_text(box.left - 7, at + 4, y_texts[i], "tick", "end");
  }
  svg += "</g><g class=\"axis-x\">";
  const auto x_ticks = axis_ticks(x, x_scale, kTicksX);
  const auto x_texts = axis_texts(x, x_ticks);
  for (size_t i = 0; i < x_ticks.size(); ++i) {
    const double at = x_scale(x_ticks[i]);
    svg += element(
        "path", {{"class", "grid"}, {"d", "M" + px(at) + " " + px(box.bottom()) + "v5"}, {"stroke", "#ddd"}});
    svg += svg_text(at, box.bottom() + 17, x_texts[i], "tick", "middle");
  }
  svg += "</g>";
  svg += element("path", {{"class", "frame"},
                          {"d", "M" + px(box.left) + " " + px(box.bottom()) + "h" + px(box.width)},
                          {"stroke", "#bbb"},
                          {"fill", "none"}});
  if (!x.label.empty()) svg += svg_text(box.right(), box.bottom() + 33, x.label, "label", "end");
  return svg;
}

}  // namespace actlab
