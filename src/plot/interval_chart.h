#pragma once

#include <optional>
#include <string>
#include <vector>

// Means with their intervals. As plot/plot.h has it for line charts.
namespace actlab {

struct Estimate {
  std::string name = {};
  double mean = 0;                 // not finite: an empty row
  std::optional<double> low = {};  // the interval, where it is known
  std::optional<double> high = {};
  std::vector<double> values = {};  // what the mean is of
};

struct IntervalChart {
  std::string title = {};
  std::string x_label = {};
  bool percent = false;
  std::optional<double> reference = {};  // a vertical line
  std::vector<Estimate> rows = {};       // from the top
  double width = 480;
};

// A row each: the values as small dots, the interval as a line, the mean as a large dot. The axis need not
// start at zero, which is why these are no bars.
std::string interval_chart(const IntervalChart& chart);

}  // namespace actlab
