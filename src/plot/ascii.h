#pragma once

#include <string>
#include <vector>

#include "plot/plot.h"

namespace actlab {

// The series in characters, `width` by `height` of them with axes and legend (at least 30 by 8): the first in
// braille dots, further ones each with a letter or sign of its own. Ends with a newline.
std::string ascii_plot(const std::vector<Series>& series, int width = 78, int height = 22);

}  // namespace actlab
