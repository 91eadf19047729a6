#pragma once

#include <string>
#include <vector>

#include "plot/plot.h"

namespace actlab {

// The series in characters, `width` by `height` of them with axes and legend (at least 30 by 8). With colours
// (of the terminal's 16) all are in braille dots; without, the first is, and further ones have a letter or
// sign each. Ends with a newline.
std::string ascii_plot(const std::vector<Series>& series, int width = 78, int height = 22,
                       bool color = false);

}  // namespace actlab
