#include "plot/layer_chart.h"

#include <algorithm>
#include <cmath>

#include "core/nan.h"
#include "plot/color.h"
#include "plot/frame.h"
#include "plot/plot.h"
#include "plot/svg.h"

namespace actlab {
namespace {

constexpr double kFlat = 0.1;    // of the largest slope
constexpr double kPeak = 0.9;    // of the box's height
constexpr double kStill = 0.02;  // a slope that changes less at the end stays as it is

// The curve from `low` to `high`, continued in straight lines where it is not known so far.
struct View {
  std::vector<double> x, y, slope;
};

// Whether the last two points tell how the curve goes on.
bool continues(double slope, double before) {
  return std::isfinite(slope) && std::abs(slope - before) <= kStill * std::max(1.0, std::abs(slope));
}

View view_of(const LayerChart& chart) {
  View view;
  const size_t count = std::min({chart.x.size(), chart.y.size(), chart.slope.size()});
  if (count < 2) return view;
  const auto add = [&](double x, double y, double slope) {
    view.x.push_back(x);
    view.y.push_back(y);
    view.slope.push_back(slope);
  };
  const auto straight_to = [&](double x, size_t from) {
    add(x, chart.y[from] + (x - chart.x[from]) * chart.slope[from], chart.slope[from]);
  };
  if (chart.low < chart.x[0] && continues(chart.slope[0], chart.slope[1])) straight_to(chart.low, 0);
  for (size_t i = 0; i < count; ++i) {
    if (chart.x[i] >= chart.low && chart.x[i] <= chart.high) add(chart.x[i], chart.y[i], chart.slope[i]);
  }
  const size_t last = count - 1;
  if (chart.high > chart.x[last] && continues(chart.slope[last], chart.slope[last - 1]))
    straight_to(chart.high, last);
  return view;
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values) most = std::isfinite(value) ? std::max(most, std::abs(value)) : most;
  return most;
}

// Rectangles under the stretches where the slope is small.
std::string shade_flat(const View& view, double steepest, const Scale& x, const Box& box) {
  std::string path;
  const auto flat = [&](size_t i) { return std::abs(view.slope[i]) < kFlat * steepest; };
  for (size_t i = 0; i < view.x.size(); ++i) {
    if (!flat(i)) continue;
    size_t end = i;
    while (end + 1 < view.x.size() && flat(end + 1)) ++end;
    if (x(view.x[end]) - x(view.x[i]) > 1) {
      path += "M" + px(x(view.x[i])) + " " + px(box.top) + "H" + px(x(view.x[end])) + "V" + px(box.bottom()) +
              "H" + px(x(view.x[i])) + "Z";
    }
    i = end;
  }
  return path.empty() ? "" : element("path", {{"class", "flat"}, {"d", path}, {"fill", "#f7e8d6"}});
}

double highest(const Bins& bins) {
  return bins.counts.empty() ? 0 : *std::max_element(bins.counts.begin(), bins.counts.end());
}

// As steps, closed along the ground; what lies outside of the box is left out.
std::string outline(const Bins& bins, const LayerChart& chart, const Scale& x, const Box& box) {
  const double peak = highest(bins);
  if (!(peak > 0) || !(bins.low < bins.high)) return "";
  const double step = (bins.high - bins.low) / static_cast<double>(bins.counts.size());
  std::string path;
  for (size_t i = 0; i < bins.counts.size(); ++i) {
    const double from = std::max(bins.low + static_cast<double>(i) * step, chart.low);
    const double to = std::min(bins.low + static_cast<double>(i + 1) * step, chart.high);
    if (!(from < to)) continue;
    if (path.empty()) path = "M" + px(x(from)) + " " + px(box.bottom());
    path += "V" + px(box.bottom() - kPeak * box.height * bins.counts[i] / peak) + "H" + px(x(to));
  }
  return path.empty() ? "" : path + "V" + px(box.bottom()) + "Z";
}

std::string curve(const std::vector<double>& x, const std::vector<double>& y, const Scale& x_scale,
                  const Scale& y_scale, const std::string& css, int color) {
  std::string path;
  bool drawing = false;
  for (size_t i = 0; i < x.size(); ++i) {
    const double at = y_scale(y[i]);
    if (std::isfinite(at)) path += (drawing ? "L" : "M") + px(x_scale(x[i])) + " " + px(at);
    drawing = std::isfinite(at);
  }
  return element("path", {{"class", css}, {"d", path}, {"stroke", series_color(color)}, {"fill", "none"}});
}

std::string draw_curves(const View& view, double steepest, const Scale& x, const Box& box) {
  Extent values;
  values.add(view.y);
  Scale y = values.scale(0.02);
  y.from = box.bottom() - 2, y.to = box.top + 2;
  double least = 0;
  for (const double value : view.slope) least = value < least ? value : least;  // NaN is not
  const Scale slope{.low = least, .high = steepest, .from = box.bottom() - 1, .to = box.top + 2};
  return curve(view.x, view.y, x, y, "line f s0", 0) +
         curve(view.x, view.slope, x, slope, "line slope s1", 1);
}

// "low high ABC...;...": a character a part, 63 steps of the frame's own peak.
std::string encode(const std::vector<Bins>& frames) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (const auto& bins : frames) {
    const double peak = highest(bins);
    text += (text.empty() ? "" : ";") + figure(bins.low, 4) + " " + figure(bins.high, 4) + " ";
    for (const double count : bins.counts)
      text += kDigits[peak > 0 ? static_cast<size_t>(std::lround(63 * count / peak)) : 0];
  }
  return text;
}

std::string draw_x_axis(const Box& box, const Scale& x) {
  std::string svg;
  const auto ticks = x.ticks(5);
  const auto texts = tick_texts(ticks);
  for (size_t i = 0; i < ticks.size(); ++i) {
    svg += element("path", {{"class", "grid"},
                            {"d", "M" + px(x(ticks[i])) + " " + px(box.bottom()) + "v4"},
                            {"stroke", "#bbb"}});
    svg += svg_text(x(ticks[i]), box.bottom() + 16, texts[i], "tick", "middle");
  }
  return svg + element("path", {{"class", "frame"},
                                {"d", "M" + px(box.left) + " " + px(box.bottom()) + "h" + px(box.width)},
                                {"stroke", "#bbb"}});
}

}  // namespace

std::string layer_chart(const LayerChart& chart) {
  std::string svg;
  Box box{.left = 10, .top = draw_heading(svg, chart.title, {}, chart.width), .width = chart.width - 20};
  box.height = chart.height - box.top - 22;
  const Scale x{.low = chart.low, .high = chart.high, .from = box.left, .to = box.right()};
  const View view = view_of(chart);
  const double steepest = largest(view.slope);
  if (steepest > 0) svg += shade_flat(view, steepest, x, box);
  if (!chart.frames.empty()) {
    svg += element("path", {{"class", "hist now"},
                            {"d", outline(chart.frames.back(), chart, x, box)},
                            {"fill", series_color(0)},
                            {"fill-opacity", "0.3"}});
  }
  const std::string before = outline(chart.before, chart, x, box);
  if (!before.empty())
    svg += element("path", {{"class", "hist before"}, {"d", before}, {"fill", "none"}, {"stroke", "#888"}});
  if (steepest > 0) svg += draw_curves(view, steepest, x, box);
  svg += draw_x_axis(box, x);
  const std::string attributes = " data-frames=\"" + encode(chart.frames) + "\" data-view=\"" +
                                 figure(chart.low, 6) + " " + figure(chart.high, 6) + " " + px(box.left) +
                                 " " + px(box.width) + " " + px(box.bottom()) + " " + px(kPeak * box.height) +
                                 "\"";
  return svg_fragment(chart.width, chart.height, chart.title, svg, attributes);
}

}  // namespace actlab
