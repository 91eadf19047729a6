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
  std::vector<double> x = {};  // ascending
  std::vector<double> y = {};  // as many; what is not finite is a gap
  int color = -1;              // of the palette; -1: the series' place among the series
  bool faint = false;          // stands behind another
  bool wide = false;           // broad and pale, for another line to lie on: a theory under what was measured
  bool dashed = false;         //
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

// A place that is named, marked with a ring.
struct PlotPoint {
  double x = 0;
  double y = 0;
  std::string name;
};

struct LineChart {
  std::string title = {};  // shown above and read out
  Axis x = {};
  Axis y = {};
  std::vector<Series> series = {};
  bool diagonal = false;                                    // a dotted line from corner to corner (ROC)
  std::vector<std::pair<double, std::string>> marks = {};   // vertical lines with a word each
  std::vector<std::pair<double, std::string>> limits = {};  // horizontal ones, where a verdict begins
  bool end_labels = false;                                  // names at the lines' ends instead of a legend
  std::vector<PlotPoint> points = {};
  bool bars = false;   // of the series side by side, for counts at whole numbers of x
  bool equal = false;  // one unit is as long on both axes
  double width = 480;
  double height = 280;
  std::string id = {};  // of the page, "" for none: lets a refreshed page keep its zoom
};

// Draws all points: decimate first. Without a point to show it says so.
std::string line_chart(const LineChart& chart);

}  // namespace actlab
