#include "plot/plot.h"

#include <algorithm>
#include <cmath>

#include "plot/color.h"
#include "plot/frame.h"
#include "plot/svg.h"

namespace actlab {
namespace {

// Lines at the very edge keep their whole width: the clipped area is a little larger than the box.
constexpr double kBleed = 5;
constexpr size_t kDottedUpTo = 40;  // points that are marked one by one

int color_of(const LineChart& chart, size_t index) {
  const int color = chart.series[index].color;
  return color >= 0 ? color : static_cast<int>(index);
}

size_t points(const Series& series) {
  return std::min(series.x.size(), series.y.size());
}

Scale scale_of(const LineChart& chart, bool vertical, double padding) {
  const Axis& axis = vertical ? chart.y : chart.x;
  Extent extent(axis.log);
  for (const auto& series : chart.series) {
    extent.add(vertical ? series.y : series.x);
    if (vertical) extent.add(series.low), extent.add(series.high);
  }
  Scale scale = extent.scale(padding);
  if (axis.percent && extent.within(0, 1)) {  // more than all is no share
    scale.low = std::max(scale.low, 0.0);
    scale.high = std::min(scale.high, 1.0);
  }
  if (axis.low) scale.low = *axis.low;
  if (axis.high) scale.high = *axis.high;
  return scale;
}

// A line through the points, lifted at gaps. A point between two gaps becomes a dot (the caps are round).
std::string path_of(const Series& series, const Scale& x, const Scale& y) {
  std::string path;
  bool drawing = false;
  for (size_t i = 0; i < points(series); ++i) {
    const double px_x = x(series.x[i]);
    const double px_y = y(series.y[i]);
    const bool there = std::isfinite(px_x) && std::isfinite(px_y);
    if (there) {
      path += (drawing ? "L" : "M") + px(px_x) + " " + px(px_y);
      const bool next_there =
          i + 1 < points(series) && std::isfinite(x(series.x[i + 1])) && std::isfinite(y(series.y[i + 1]));
      if (!drawing && !next_there) path += "h0";
    }
    drawing = there;
  }
  return path;
}

std::string dots_of(const Series& series, const Scale& x, const Scale& y) {
  std::string path;
  for (size_t i = 0; i < points(series); ++i) {
    const double px_x = x(series.x[i]);
    const double px_y = y(series.y[i]);
    if (std::isfinite(px_x) && std::isfinite(px_y)) path += "M" + px(px_x) + " " + px(px_y) + "h0";
  }
  return path;
}

// One closed piece for each stretch without a gap.
std::string band_of(const Series& series, const Scale& x, const Scale& y) {
  std::string path;
  std::string back;
  const size_t count = std::min({series.x.size(), series.low.size(), series.high.size()});
  for (size_t i = 0; i <= count; ++i) {
    const bool there = i < count && std::isfinite(x(series.x[i])) && std::isfinite(y(series.low[i])) &&
                       std::isfinite(y(series.high[i]));
    if (there) {
      const std::string at = px(x(series.x[i])) + " ";
      path += (back.empty() ? "M" : "L") + at + px(y(series.high[i]));
      back.insert(0, "L" + at + px(y(series.low[i])));
    } else if (!back.empty()) {
      path += back + "Z";
      back.clear();
    }
  }
  return path;
}

// Colours come again after eight lines, with dashes.
std::string style_of(const Series& series, int color) {
  if (series.faint) return "faint";
  if (series.dashed || (color >= kSeriesColors && color < 2 * kSeriesColors)) return "dashed";
  return color >= 2 * kSeriesColors ? "dotted" : "";
}

std::string draw_series(const Series& series, int color, const Scale& x, const Scale& y) {
  const std::string css = "s" + std::to_string(color % kSeriesColors);
  const std::string paint = series_color(color);
  std::string svg;
  const std::string band = band_of(series, x, y);
  if (!band.empty()) {
    svg +=
        element("path", {{"class", "band " + css}, {"d", band}, {"fill", paint}, {"fill-opacity", "0.16"}});
  }
  const std::string path = path_of(series, x, y);
  if (path.empty()) return svg;
  svg += element("path", {{"class", "line " + css + " " + style_of(series, color)},
                          {"data-name", series.name},
                          {"d", path},
                          {"stroke", paint},
                          {"fill", "none"}});
  if (points(series) <= kDottedUpTo && !series.faint) {
    svg += element("path", {{"class", "dots " + css},
                            {"d", dots_of(series, x, y)},
                            {"stroke", paint},
                            {"stroke-width", "5"},
                            {"stroke-linecap", "round"},
                            {"fill", "none"}});
  }
  return svg;
}

std::string draw_marks(const LineChart& chart, const Scale& x, double height) {
  std::string svg;
  for (const auto& [at, word] : chart.marks) {
    const double place = x(at);
    if (!std::isfinite(place) || place < x.from || place > x.to) continue;
    svg += element("path", {{"class", "guide"},
                            {"d", "M" + px(place) + " 0v" + px(height)},
                            {"stroke", "#888"},
                            {"stroke-dasharray", "3 4"}});
    svg += svg_text(place + 4, 10, word, "tick");
  }
  return svg;
}

// "low high linear|log 1|100 unit": what the page's script needs to turn pixels into values again.
std::string describe(const Axis& axis, const Scale& scale) {
  char text[96];
  std::snprintf(text, sizeof text, "%.9g %.9g %s %s", scale.low, scale.high, scale.log ? "log" : "linear",
                axis.percent ? "percent"
                : axis.whole ? "whole"
                             : "plain");
  return text;
}

bool has_points(const LineChart& chart, const Scale& x, const Scale& y) {
  return std::any_of(chart.series.begin(), chart.series.end(),
                     [&](const Series& series) { return !dots_of(series, x, y).empty(); });
}

std::vector<LegendEntry> legend_of(const LineChart& chart) {
  std::vector<LegendEntry> legend;
  for (size_t i = 0; i < chart.series.size(); ++i) {
    if (!chart.series[i].name.empty())
      legend.push_back(
          {chart.series[i].name, color_of(chart, i), style_of(chart.series[i], color_of(chart, i))});
  }
  // One line needs no key where the title says what it is.
  if (legend.size() == 1 && chart.series.size() == 1 && !chart.title.empty()) legend.clear();
  return legend;
}

}  // namespace

std::string line_chart(const LineChart& chart) {
  std::string svg;
  Scale x = scale_of(chart, false, 0.01);
  Scale y = scale_of(chart, true, 0.05);
  Box box;
  box.top = draw_heading(svg, chart.title, legend_of(chart), chart.width);
  if (!chart.y.label.empty()) {
    svg += svg_text(8, box.top + 8, chart.y.label, "label");
    box.top += 18;
  }
  box.left = tick_margin(chart.y, y);
  box.width = chart.width - box.left - 14;
  box.height = std::max(40.0, chart.height - box.top - (chart.x.label.empty() ? 24 : 40));
  x.from = box.left, x.to = box.right();
  y.from = box.bottom(), y.to = box.top;
  svg += draw_axes(box, chart.x, x, chart.y, y);

  x.from = 0, x.to = box.width;
  y.from = box.height, y.to = 0;
  std::string data;
  if (chart.diagonal) {
    data += element("path", {{"class", "guide"},
                             {"d", "M0 " + px(box.height) + "L" + px(box.width) + " 0"},
                             {"stroke", "#888"},
                             {"stroke-dasharray", "3 4"}});
  }
  data += draw_marks(chart, x, box.height);
  // The first series lies on top: it is the one that matters most.
  for (size_t i = chart.series.size(); i-- > 0;)
    data += draw_series(chart.series[i], color_of(chart, i), x, y);
  const std::string view =
      px(-kBleed) + " " + px(-kBleed) + " " + px(box.width + 2 * kBleed) + " " + px(box.height + 2 * kBleed);
  svg += element("svg",
                 {{"class", "data"},
                  {"x", px(box.left - kBleed)},
                  {"y", px(box.top - kBleed)},
                  {"width", px(box.width + 2 * kBleed)},
                  {"height", px(box.height + 2 * kBleed)},
                  {"viewBox", view}},
                 "<g class=\"zoom\">" + data + "</g>");
  const bool any = has_points(chart, x, y);
  if (!any) {
    svg += svg_text(box.left + box.width / 2, box.top + box.height / 2, "nothing recorded yet", "tick",
                    "middle");
  }
  const std::string attributes =
      any ? " data-chart=\"" + escape(chart.id) + "\" data-x=\"" + describe(chart.x, x) + "\" data-y=\"" +
                describe(chart.y, y) + "\" data-box=\"" + px(box.left) + " " + px(box.top) + " " +
                px(box.width) + " " + px(box.height) + "\" data-label=\"" + escape(chart.x.label) + "\""
          : "";
  return svg_fragment(chart.width, chart.height, chart.title.empty() ? chart.y.label : chart.title, svg,
                      attributes);
}

}  // namespace actlab
