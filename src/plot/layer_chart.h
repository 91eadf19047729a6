#pragma once

#include <limits>
#include <string>
#include <vector>

// What goes into an activation, under the function itself. As plot/plot.h has it for line charts.
namespace actlab {

// Counts in equal parts of [low, high]; none: nothing to show.
struct Bins {
  double low = 0;
  double high = 0;
  std::vector<double> counts = {};
};

struct LayerChart {
  std::string title = {};
  double low = -4;  // of the x axis
  double high = 4;
  // f and f' at x, none where the activation has no such curve. Beyond the last x they go on as they end.
  std::vector<double> x = {};
  std::vector<double> y = {};
  std::vector<double> slope = {};
  Bins before = {};               // an outline
  std::vector<Bins> frames = {};  // filled: the last; a page's script can show the others
  double width = 300;
  double height = 170;
};

// Histogram, f and f' are drawn each to a scale of its own; where |f'| is below a tenth of its largest the
// ground is shaded.
std::string layer_chart(const LayerChart& chart);

}  // namespace actlab
