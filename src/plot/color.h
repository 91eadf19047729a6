#pragma once

#include <string>

// The colours of plots and pages: named once, each for light and for dark surroundings. Plots refer to them
// by class, so that a page themes them.
namespace actlab {

constexpr int kSeriesColors = 8;       // classes s0 ... s7; told apart by colour-blind people too
constexpr int kSequentialLevels = 24;  // classes q0 (nothing: fades into the page) ... q23
constexpr int kDivergingLevels = 25;   // classes v0 (orange) ... v12 (neutral) ... v24 (blue)
constexpr int kGreyLevels = 8;         // classes g0 ... g7: what is there and no cause for alarm

// "--ink:#1d2430;--s0:#2f62d6;..."
std::string theme_variables(bool dark);

// The variables for whatever matches `root` (":root", "svg"): light, or dark where the reader's system is and
// `root` does not carry data-theme="light", or where it carries data-theme="dark". Printed pages are light.
std::string theme_css(const std::string& root);

// Level of a share in [0, 1]; what lies outside is clamped.
int level_of(double share, int levels);

// A series' colour on white, as "#2f62d6": for programs that show SVG but know no variables.
std::string series_color(int index);
std::string sequential_color(int level);
std::string diverging_color(int level);
std::string grey_color(int level);

// From black (0) to bright (1), and on to red (2), on dark ground; what lies outside is clamped.
std::string glow_color(double share);

}  // namespace actlab
