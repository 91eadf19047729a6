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
constexpr double kHalfABar = 0.5;   // of a group of bars, with the space around it: neighbours are 1 apart

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
  if (chart.bars && !vertical) scale.low -= kHalfABar, scale.high += kHalfABar;
  return scale;
}

// Widens the axis whose unit takes more pixels, around its middle.
void make_equal(Scale& x, double width, Scale& y, double height) {
  const double x_unit = (x.high - x.low) / width;
  const double y_unit = (y.high - y.low) / height;
  Scale& widened = x_unit < y_unit ? x : y;
  const double more =
      (std::max(x_unit, y_unit) * (x_unit < y_unit ? width : height) - (widened.high - widened.low)) / 2;
  widened.low -= more;
  widened.high += more;
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
  if (series.wide) return "wide";
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
  if (points(series) <= kDottedUpTo && !series.faint && !series.wide) {
    svg += element("path", {{"class", "dots " + css},
                            {"d", dots_of(series, x, y)},
                            {"stroke", paint},
                            {"stroke-width", "5"},
                            {"stroke-linecap", "round"},
                            {"fill", "none"}});
  }
  return svg;
}

// Each series has its place within the groups.
std::string draw_bars(const LineChart& chart, size_t index, int color, const Scale& x, const Scale& y) {
  constexpr double kGroup = 0.8;
  const Series& series = chart.series[index];
  const double width = kGroup / static_cast<double>(chart.series.size());
  const double bottom = y(std::max(y.low, y.log ? y.low : 0.0));
  std::string path;
  for (size_t i = 0; i < points(series); ++i) {
    const double from = x(series.x[i] - kGroup / 2 + static_cast<double>(index) * width);
    const double to = x(series.x[i] - kGroup / 2 + static_cast<double>(index + 1) * width);
    const double top = y(series.y[i]);
    if (!std::isfinite(from) || !std::isfinite(top)) continue;
    path += "M" + px(from) + " " + px(bottom) + "V" + px(top) + "H" + px(std::max(from, to - 1)) + "V" +
            px(bottom) + "Z";
  }
  if (path.empty()) return "";
  const std::string css = "fill s" + std::to_string(color % kSeriesColors);
  return element("path",
                 {{"class", css}, {"data-name", series.name}, {"d", path}, {"fill", series_color(color)}});
}

std::string draw_points(const LineChart& chart, const Scale& x, const Scale& y) {
  std::string svg;
  for (const auto& point : chart.points) {
    const double at_x = x(point.x);
    const double at_y = y(point.y);
    if (!std::isfinite(at_x) || !std::isfinite(at_y)) continue;
    svg += element("circle", {{"class", "ring"},
                              {"cx", px(at_x)},
                              {"cy", px(at_y)},
                              {"r", "6"},
                              {"stroke", "#1b2230"},
                              {"stroke-width", "1.5"},
                              {"fill", "none"}});
    svg += svg_text(at_x + 10, at_y + 4, point.name, "name");
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
    const bool right = place > 0.8 * (x.to - x.from);
    svg += svg_text(place + (right ? -4 : 4), 10, word, "tick", right ? "end" : "start");
  }
  return svg;
}

std::string draw_limits(const LineChart& chart, const Scale& y, double width) {
  std::string svg;
  for (const auto& [at, word] : chart.limits) {
    const double place = y(at);
    if (!std::isfinite(place) || place < y.to || place > y.from) continue;
    svg += element("path", {{"class", "limit level"},
                            {"d", "M0 " + px(place) + "h" + px(width)},
                            {"stroke", "#b25a00"},
                            {"stroke-dasharray", "6 4"}});
  }
  return svg;
}

// The words of the limits, outside of what is zoomed.
std::string limit_words(const LineChart& chart, const Box& box, const Scale& y) {
  std::string svg;
  for (const auto& [at, word] : chart.limits) {
    const double place = y(at);
    if (std::isfinite(place) && place >= box.top && place <= box.bottom())
      svg += svg_text(box.right(), place + (place > box.top + 14 ? -4 : 12), word, "word", "end");
  }
  return svg;
}

struct EndLabel {
  std::string name;
  int color;
  double x, y;
};

// Where each named line ends, the labels pushed apart so that none lies on another.
std::vector<EndLabel> end_labels(const LineChart& chart, const Box& box, const Scale& x, const Scale& y) {
  constexpr double kLine = 14;
  std::vector<EndLabel> labels;
  for (size_t i = 0; i < chart.series.size(); ++i) {
    const Series& series = chart.series[i];
    for (size_t j = points(series); j-- > 0;) {
      if (!std::isfinite(x(series.x[j])) || !std::isfinite(y(series.y[j]))) continue;
      const double at = points(series) == 1 ? x(series.x[j]) + 4 : box.right();
      if (!series.name.empty())
        labels.push_back(
            {series.name, color_of(chart, i), at, std::clamp(y(series.y[j]), box.top, box.bottom())});
      break;
    }
  }
  std::stable_sort(labels.begin(), labels.end(),
                   [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
  for (size_t i = 1; i < labels.size(); ++i) labels[i].y = std::max(labels[i].y, labels[i - 1].y + kLine);
  double lowest = box.bottom() + 4;
  for (size_t i = labels.size(); i-- > 0;) {
    labels[i].y = std::min(labels[i].y, lowest);
    lowest = labels[i].y - kLine;
  }
  return labels;
}

constexpr size_t kEndLabelCharacters = 26;

std::string draw_end_labels(const std::vector<EndLabel>& labels) {
  std::string svg;
  for (const auto& label : labels) {
    const std::string css = "end s" + std::to_string(label.color % kSeriesColors);
    svg += element(
        "text",
        {{"x", px(label.x + 6)}, {"y", px(label.y + 4)}, {"class", css}, {"fill", series_color(label.color)}},
        escape(shorten(label.name, kEndLabelCharacters)));
  }
  return svg;
}

// The room that they need to the right of the box.
double end_margin(const LineChart& chart) {
  double widest = 0;
  for (const auto& series : chart.series)
    widest = std::max(widest, text_width(shorten(series.name, kEndLabelCharacters), 12));
  return chart.end_labels && widest > 0 ? std::min(widest + 8, 0.45 * chart.width) : 14;
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
  if (chart.end_labels) return legend;
  for (size_t i = 0; i < chart.series.size(); ++i) {
    if (!chart.series[i].name.empty())
      legend.push_back(
          {chart.series[i].name, color_of(chart, i), style_of(chart.series[i], color_of(chart, i))});
  }
  // One line needs no key where the title says what it is.
  if (legend.size() == 1 && chart.series.size() == 1 && !chart.title.empty()) legend.clear();
  return legend;
}

// What lies within the box.
std::string draw_data(const LineChart& chart, const Scale& x, const Scale& y, const Box& box) {
  std::string data;
  if (chart.diagonal) {
    data += element("path", {{"class", "guide"},
                             {"d", "M0 " + px(box.height) + "L" + px(box.width) + " 0"},
                             {"stroke", "#888"},
                             {"stroke-dasharray", "3 4"}});
  }
  data += draw_marks(chart, x, box.height) + draw_limits(chart, y, box.width);
  // The first series lies on top: it is the one that matters most.
  for (size_t i = chart.series.size(); i-- > 0;) {
    const int color = color_of(chart, i);
    data += chart.bars ? draw_bars(chart, i, color, x, y) : draw_series(chart.series[i], color, x, y);
  }
  return data + draw_points(chart, x, y);
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
  box.width = chart.width - box.left - end_margin(chart);
  // A legend of many lines makes the picture higher, not the plot lower.
  const double below = chart.x.label.empty() ? 24 : 40;
  box.height = std::max({40.0, 0.6 * chart.height, chart.height - box.top - below});
  const double height = std::max(chart.height, box.bottom() + below);
  if (chart.equal) make_equal(x, box.width, y, box.height);
  x.from = box.left, x.to = box.right();
  y.from = box.bottom(), y.to = box.top;
  svg += draw_axes(box, chart.x, x, chart.y, y) + limit_words(chart, box, y);
  if (chart.end_labels) svg += draw_end_labels(end_labels(chart, box, x, y));

  x.from = 0, x.to = box.width;
  y.from = box.height, y.to = 0;
  const std::string data = draw_data(chart, x, y, box);
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
  return svg_fragment(chart.width, height, chart.title.empty() ? chart.y.label : chart.title, svg,
                      attributes);
}

}  // namespace actlab
