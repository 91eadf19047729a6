#include "plot/heat_map.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/nan.h"
#include "plot/axis.h"
#include "plot/color.h"
#include "plot/frame.h"
#include "plot/svg.h"

namespace actlab {
namespace {

// The colours' scale, from 0 to 1.
Scale color_scale(const HeatMap& map) {
  Extent extent(map.log);
  for (const auto& row : map.values) extent.add(row);
  Scale scale = extent.scale(0);
  scale.from = 0, scale.to = 1;
  if (map.center) {
    const double up = map.log ? scale.high / *map.center : scale.high - *map.center;
    const double down = map.log ? *map.center / scale.low : *map.center - scale.low;
    const double reach = std::max(up, down);
    scale.low = map.log ? *map.center / reach : *map.center - reach;
    scale.high = map.log ? *map.center * reach : *map.center + reach;
  }
  if (map.low) scale.low = *map.low;
  if (map.high) scale.high = *map.high;
  return scale;
}

// A place in one of the palettes.
struct Paint {
  char palette = 'q';
  int level = 0;
  auto operator<=>(const Paint&) const = default;
};

std::string style_of(const Paint& paint) {
  return std::string("stroke:var(--") + paint.palette + std::to_string(paint.level) + ")";
}

std::string fallback(const Paint& paint) {
  return paint.palette == 'v'   ? diverging_color(paint.level)
         : paint.palette == 'g' ? grey_color(paint.level)
                                : sequential_color(paint.level);
}

// Grey within the limits; beyond, the further the stronger, and seen at once where it begins.
Paint alarm_paint(const HeatMap& map, const Scale& scale, double share) {
  constexpr int kNeutral = kDivergingLevels / 2;
  constexpr int kFaintest = 4;  // levels away from neutral
  const double low = map.below ? std::clamp(scale(*map.below), 0.0, 1.0) : 0;
  const double high = map.above ? std::clamp(scale(*map.above), 0.0, 1.0) : 1;
  const auto beyond = [](double part) { return kFaintest + level_of(part, kNeutral - kFaintest + 1); };
  if (map.above && share > high) return {'v', kNeutral - beyond((share - high) / std::max(1 - high, 1e-9))};
  if (map.below && share < low) return {'v', kNeutral + beyond((low - share) / std::max(low, 1e-9))};
  return {'g', level_of((share - low) / std::max(high - low, 1e-9), kGreyLevels)};
}

Paint paint_of(const HeatMap& map, const Scale& scale, double share) {
  if (map.grey) return alarm_paint(map, scale, share);
  return map.center ? Paint{'v', level_of(share, kDivergingLevels)}
                    : Paint{'q', level_of(share, kSequentialLevels)};
}

// One path a colour, a short line a cell: a tenth of the size of rectangles. Units are cells.
std::string draw_cells(const HeatMap& map, const Scale& scale, double gap_x) {
  std::map<Paint, std::string> paths;
  for (size_t r = 0; r < map.values.size(); ++r) {
    const auto& row = map.values[r];
    for (size_t c = 0; c < row.size();) {
      const double share = scale(row[c]);
      size_t end = c + 1;
      if (std::isfinite(share)) {
        const Paint paint = paint_of(map, scale, share);
        while (gap_x == 0 && end < row.size() && std::isfinite(scale(row[end])) &&
               paint_of(map, scale, scale(row[end])) == paint)
          ++end;
        const double length = static_cast<double>(end - c) - gap_x;
        paths[paint] +=
            "M" + px(static_cast<double>(c)) + " " + px(static_cast<double>(r) + 0.5) + "h" + px(length);
      }
      c = end;
    }
  }
  std::string svg;
  for (const auto& [paint, path] : paths) {
    svg += element("path", {{"d", path}, {"style", style_of(paint)}, {"stroke", fallback(paint)}});
  }
  return svg;
}

std::string in_words(const HeatMap& map, double value) {
  return map.percent ? percent(value, value < 0.01 && value > 0 ? 2 : 0) : figure(value, 3);
}

// The verdicts' limits, and the middle of diverging colours.
std::vector<double> bar_ticks(const HeatMap& map) {
  std::vector<double> ticks;
  for (const auto& tick : {map.center, map.below, map.above}) {
    if (tick) ticks.push_back(*tick);
  }
  return ticks;
}

std::string color_bar(const HeatMap& map, const Scale& scale, double left, double top, double width) {
  constexpr double kHeight = 8;
  constexpr int kTiles = 24;
  std::string tiles;
  const double step = width / kTiles;
  for (int i = 0; i < kTiles; ++i) {
    const Paint paint = paint_of(map, scale, (i + 0.5) / kTiles);
    tiles += element("path",
                     {{"d", "M" + px(left + i * step) + " " + px(top + kHeight / 2) + "h" + px(step + 0.4)},
                      {"style", style_of(paint)},
                      {"stroke", fallback(paint)}});
  }
  std::string svg = "<g>" + element("g", {{"class", "tile"}, {"stroke-width", px(kHeight)}}, tiles);
  svg += svg_text(left, top + kHeight + 13, in_words(map, scale.low), "tick");
  for (const double tick : bar_ticks(map)) {
    const double at = left + std::clamp(scale(tick), 0.0, 1.0) * width;
    svg += element("path", {{"class", "limit"},
                            {"d", "M" + px(at) + " " + px(top - 2) + "v" + px(kHeight + 4)},
                            {"stroke", "#444"}});
    svg += svg_text(at, top + kHeight + 13, in_words(map, tick), "tick", "middle");
  }
  svg += svg_text(left + width, top + kHeight + 13, in_words(map, scale.high), "tick", "end");
  return svg + "</g>";
}

// Every n-th row has its name, so that they do not overlap.
std::string draw_rows(const HeatMap& map, const Box& box, double cell) {
  std::string svg;
  const auto stride = static_cast<size_t>(std::max(1.0, std::ceil(13 / cell)));
  for (size_t r = 0; r < map.rows.size(); r += stride) {
    svg += svg_text(box.left - 7, box.top + (static_cast<double>(r) + 0.5) * cell + 4,
                    shorten(map.rows[r], 16), "tick", "end");
  }
  return svg;
}

std::string draw_columns(const HeatMap& map, const Box& box, double cell) {
  std::string svg;
  double widest = 0;
  for (const double column : map.columns)
    widest = std::max(widest, text_width(figure(column, 6), kWidestFontSize));
  const auto stride = static_cast<size_t>(std::max(1.0, std::ceil((widest + 8) / cell)));
  for (size_t c = 0; c < map.columns.size(); c += stride) {
    const double center = box.left + (static_cast<double>(c) + 0.5) * cell;
    svg += svg_text(center, box.bottom() + 15, figure(map.columns[c], 6), "tick", "middle");
  }
  if (!map.x_label.empty()) svg += svg_text(box.right(), box.bottom() + 31, map.x_label, "label", "end");
  return svg;
}

// Two characters a cell, row by row: 4095 steps between low and high of the colours, "~~" for an empty cell.
std::string encode(const HeatMap& map, const Scale& scale) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (const auto& row : map.values) {
    for (const double value : row) {
      const double share = scale(value);
      if (!std::isfinite(share)) {
        text += "~~";
        continue;
      }
      const auto step = static_cast<size_t>(std::lround(std::clamp(share, 0.0, 1.0) * 4095));
      text += kDigits[step / 64];
      text += kDigits[step % 64];
    }
  }
  return text;
}

std::string attributes_of(const HeatMap& map, const Scale& scale, const Box& box) {
  std::string columns;
  for (const double column : map.columns) columns += (columns.empty() ? "" : " ") + figure(column, 6);
  std::string rows;
  for (const auto& row : map.rows) rows += (rows.empty() ? "" : "\n") + row;
  return " data-heat=\"" + encode(map, scale) + "\" data-rows=\"" + escape(rows) + "\" data-columns=\"" +
         columns + "\" data-scale=\"" + figure(scale.low, 9) + " " + figure(scale.high, 9) +
         (map.log ? " log " : " linear ") + (map.percent ? "percent" : "plain") + "\" data-box=\"" +
         px(box.left) + " " + px(box.top) + " " + px(box.width) + " " + px(box.height) + "\" data-label=\"" +
         escape(map.x_label) + "\"";
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  size_t count = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? kNaN : sum / static_cast<double>(count);
}

}  // namespace

std::string heat_map(const HeatMap& map) {
  const Scale scale = color_scale(map);
  const auto row_count = static_cast<double>(std::max<size_t>(1, map.values.size()));
  const auto column_count = static_cast<double>(std::max<size_t>(1, map.columns.size()));
  std::string svg;
  Box box;
  box.top = draw_heading(svg, map.title, {}, map.width);
  double widest = 20;
  for (const auto& row : map.rows) widest = std::max(widest, text_width(shorten(row, 16), kWidestFontSize));
  box.left = widest + 12;
  box.width = map.width - box.left - 14;
  const double cell_height = std::clamp(260 / row_count, 2.5, 26.0);
  box.height = cell_height * row_count;
  const double cell_width = box.width / column_count;
  svg += draw_rows(map, box, cell_height) + draw_columns(map, box, cell_width);

  const bool gaps = cell_width >= 7 && cell_height >= 7;
  const double gap_x = gaps ? 1.5 / cell_width : 0;
  const std::string transform = "translate(" + px(box.left) + " " + px(box.top) + ") scale(" +
                                figure(cell_width, 7) + " " + figure(cell_height, 7) + ")";
  svg += element("g",
                 {{"class", "cells" + std::string(gaps ? "" : " tile")},
                  {"transform", transform},
                  {"stroke-width", gaps ? figure(1 - 1.5 / cell_height, 4) : "1"},
                  {"style", gaps ? "--t:" + figure(1 - 1.5 / cell_height, 4) : ""}},
                 draw_cells(map, scale, gap_x));
  svg += color_bar(map, scale, box.left, box.bottom() + 26, std::min(190.0, box.width * 0.55));
  return svg_fragment(map.width, box.bottom() + 52, map.title, svg, attributes_of(map, scale, box));
}

HeatMap merged(const HeatMap& map, size_t cells) {
  HeatMap out = map;
  const size_t rows = std::max<size_t>(1, map.values.size());
  const size_t columns = std::max<size_t>(1, map.columns.size());
  if (rows * columns <= cells) return out;
  const size_t wanted_columns =
      std::max<size_t>(std::min(columns, cells / rows), std::min<size_t>(columns, 8));
  const size_t width = (columns + wanted_columns - 1) / wanted_columns;
  const size_t merged_columns = (columns + width - 1) / width;
  const size_t wanted_rows = std::max<size_t>(1, std::min(rows, cells / merged_columns));
  const size_t height = (rows + wanted_rows - 1) / wanted_rows;
  out.rows.clear();
  out.columns.clear();
  out.values.clear();
  for (size_t c = 0; c < map.columns.size(); c += width) out.columns.push_back(map.columns[c]);
  for (size_t r = 0; r < map.values.size(); r += height) {
    out.rows.push_back(r < map.rows.size() ? map.rows[r] : "");
    std::vector<double>& row = out.values.emplace_back();
    for (size_t c = 0; c < map.columns.size(); c += width) {
      std::vector<double> values;
      for (size_t i = r; i < std::min(r + height, map.values.size()); ++i) {
        const auto& from = map.values[i];
        for (size_t j = c; j < std::min(c + width, from.size()); ++j) values.push_back(from[j]);
      }
      row.push_back(mean_of(values));
    }
  }
  return out;
}

}  // namespace actlab
