#pragma once

#include <optional>
#include <string>
#include <vector>

// The other kinds of plot: heat maps, and means with their intervals. As plot/plot.h has it for line
// charts.
namespace actlab {

struct HeatMap {
  std::string title = {};
  std::string x_label = {};
  std::vector<std::string> rows = {};            // names, from the top
  std::vector<double> columns = {};              // numbers: epochs
  std::vector<std::vector<double>> values = {};  // [row][column]; not finite: left empty
  bool log = false;                              // colours by the logarithm; what is not positive stays empty
  bool percent = false;
  // Diverging colours about this value (a ratio of 1, a mean of 0), else sequential ones.
  std::optional<double> center = {};
  std::optional<double> low = {};  // of the colours; otherwise what the values need
  std::optional<double> high = {};
  double width = 480;
};

// Every cell as it is; merge first what is too much.
std::string heat_map(const HeatMap& map);

// Neighbouring columns, then rows, merged into their means until there are at most `cells` of them.
HeatMap merged(const HeatMap& map, size_t cells);

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
