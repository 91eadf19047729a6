#pragma once

#include <string>
#include <vector>

#include "plot/axis.h"
#include "plot/plot.h"

// What the kinds of plot share: title, legend, the box with its ticks.
namespace actlab {

// Where the data lie, in pixels of the picture.
struct Box {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

struct LegendEntry {
  std::string name;
  int color = 0;
  std::string style = {};  // further classes of its line: "dashed"
};

// Adds a title and a legend from the top edge on; returns the height they take.
double draw_heading(std::string& svg, const std::string& title, const std::vector<LegendEntry>& legend,
                    double width);

// Grid lines, tick texts and axis labels around the box. The scales map to pixels within the box.
std::string draw_axes(const Box& box, const Axis& x, const Scale& x_scale, const Axis& y,
                      const Scale& y_scale);

// How many pixels the y axis' texts need to the left of the box.
double tick_margin(const Axis& axis, const Scale& scale);

// The values that get a tick, about `count`.
std::vector<double> axis_ticks(const Axis& axis, const Scale& scale, int count);

// The texts of the axis' ticks, "%" where it is in percent.
std::vector<std::string> axis_texts(const Axis& axis, const std::vector<double>& ticks);

// Of texts as a phone shows them, where the whole plot is smaller (page.css): there must be room for these.
constexpr double kWidestFontSize = 15.5;

constexpr int kTicksX = 8;
constexpr int kTicksY = 5;

}  // namespace actlab
