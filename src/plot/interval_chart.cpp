#include "plot/interval_chart.h"

#include <algorithm>
#include <cmath>

#include "plot/axis.h"
#include "plot/color.h"
#include "plot/frame.h"
#include "plot/svg.h"

namespace actlab {
namespace {

constexpr double kRowHeight = 30;
constexpr size_t kNameCharacters = 22;

std::string draw_estimate(const Estimate& row, int color, double y, const Scale& x) {
  const std::string css = "s" + std::to_string(color % kSeriesColors);
  const std::string paint = series_color(color);
  std::string svg;
  if (row.low && row.high && std::isfinite(x(*row.low)) && std::isfinite(x(*row.high))) {
    svg += element("path", {{"class", "whisker " + css},
                            {"d", "M" + px(x(*row.low)) + " " + px(y) + "H" + px(x(*row.high))},
                            {"stroke", paint},
                            {"stroke-width", "2.5"}});
  }
  for (const double value : row.values) {
    if (!std::isfinite(x(value))) continue;
    svg += element("circle", {{"class", "fill " + css},
                              {"cx", px(x(value))},
                              {"cy", px(y + 8)},
                              {"r", "2"},
                              {"fill", paint},
                              {"opacity", ".55"}});
  }
  if (std::isfinite(x(row.mean))) {
    svg += element(
        "circle",
        {{"class", "mean fill " + css}, {"cx", px(x(row.mean))}, {"cy", px(y)}, {"r", "6"}, {"fill", paint}});
  }
  return svg;
}

std::string in_words(const Estimate& row, bool in_percent) {
  const auto text = [&](double value) { return in_percent ? percent(value) : figure(value); };
  std::string words = row.name + ": " + text(row.mean);
  if (row.low && row.high) words += " (" + text(*row.low) + " to " + text(*row.high) + ")";
  return words;
}

}  // namespace

std::string interval_chart(const IntervalChart& chart) {
  Extent extent;
  double widest = 20;
  for (const auto& row : chart.rows) {
    extent.add(row.mean);
    if (row.low) extent.add(*row.low);
    if (row.high) extent.add(*row.high);
    extent.add(row.values);
    widest = std::max(widest, text_width(shorten(row.name, kNameCharacters), kWidestFontSize));
  }
  if (chart.reference) extent.add(*chart.reference);
  Scale x = extent.scale(0.06);
  std::string svg;
  Box box;
  box.top = draw_heading(svg, chart.title, {}, chart.width);
  box.left = widest + 16;
  box.width = chart.width - box.left - 16;
  box.height = kRowHeight * static_cast<double>(std::max<size_t>(1, chart.rows.size()));
  x.from = box.left, x.to = box.right();

  const Axis axis{.label = chart.x_label, .percent = chart.percent};
  const auto ticks = x.ticks(kTicksY);
  const auto texts = axis_texts(axis, ticks);
  for (size_t i = 0; i < ticks.size(); ++i) {
    svg += element("path", {{"class", "grid"},
                            {"d", "M" + px(x(ticks[i])) + " " + px(box.top) + "v" + px(box.height)},
                            {"stroke", "#ddd"}});
    svg += svg_text(x(ticks[i]), box.bottom() + 16, texts[i], "tick", "middle");
  }
  if (chart.reference) {
    svg += element("path", {{"class", "guide"},
                            {"d", "M" + px(x(*chart.reference)) + " " + px(box.top) + "v" + px(box.height)},
                            {"stroke", "#888"},
                            {"stroke-dasharray", "3 4"}});
  }
  for (size_t i = 0; i < chart.rows.size(); ++i) {
    const double y = box.top + kRowHeight * (static_cast<double>(i) + 0.5);
    svg += "<g><title>" + escape(in_words(chart.rows[i], chart.percent)) + "</title>";
    svg += svg_text(box.left - 9, y + 4, shorten(chart.rows[i].name, kNameCharacters), "label", "end");
    svg += draw_estimate(chart.rows[i], static_cast<int>(i), y, x) + "</g>";
  }
  if (!chart.x_label.empty()) svg += svg_text(box.right(), box.bottom() + 32, chart.x_label, "label", "end");
  return svg_fragment(chart.width, box.bottom() + (chart.x_label.empty() ? 24 : 40), chart.title, svg);
}

}  // namespace actlab
