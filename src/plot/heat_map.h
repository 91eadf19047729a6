#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

// As plot/plot.h has it for line charts.
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
  // Grey, and colour only beyond these: orange above, blue below. The scale has a tick there.
  bool grey = false;
  std::optional<double> below = {};
  std::optional<double> above = {};
  double width = 480;
};

// Every cell as it is; merge first what is too much.
std::string heat_map(const HeatMap& map);

// Neighbouring columns, then rows, merged into their means until there are at most `cells` of them.
HeatMap merged(const HeatMap& map, size_t cells);

}  // namespace actlab
