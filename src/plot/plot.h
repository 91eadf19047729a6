#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

// Line charts, as SVG and for terminals. SVG fragments stand in a page that has theme_css() and
// assets::kPlotCss; svg_file() (plot/svg.h) makes a file of one.
namespace actlab {

struct Series {
  std::string name = {};
  std::vector<double> x = {};    // ascending
  std::vector<double> y = {};    // as many; what is not finite is a gap
  int color = -1;                // of the palette; -1: the series' place among the series
  bool faint = false;            // stands behind another
  bool dashed = false;           //
  std::vector<double> low = {};  // a band around the line, as many values, or none
  std::vector<double> high = {};
};

struct Axis {
  std::string label = {};
  bool log = false;
  bool whole = false;              // ticks at whole numbers only: epochs, steps
  bool percent = false;            // values are shares and shown times 100
  std::optional<double> low = {};  // otherwise what the data need
  std::optional<double> high = {};
};

struct LineChart {
  std::string title = {};  // shown above and read out
  Axis x = {};
  Axis y = {};
  std::vector<Series> series = {};
  bool diagonal = false;                                   // a dotted line from corner to corner (ROC)
  std::vector<std::pair<double, std::string>> marks = {};  // vertical lines with a word each
  double width = 480;
  double height = 280;
  std::string id = {};  // of the page, "" for none: lets a refreshed page keep its zoom
};

// A long series keeps, of equal stretches, the least and the greatest value, so that spikes stay. At most
// `limit` points (of at least 8), gaps included.
Series decimated(const Series& series, size_t limit);

// Draws all points: decimate first. Without a point to show it says so.
std::string line_chart(const LineChart& chart);

// The series in characters, `width` by `height` of them with axes and legend (at least 30 by 8): the first in
// braille dots, further ones each with a letter or sign of its own. Ends with a newline.
std::string ascii_plot(const std::vector<Series>& series, int width = 78, int height = 22);

}  // namespace actlab
