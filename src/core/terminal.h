#pragma once

#include <string>
#include <string_view>

// What may be sent to a terminal: the one place that asks for it.
namespace actlab {

// Whether text may be coloured: on a terminal that understands it (TERM is set, and not to dumb) and outside
// of CI. NO_COLOR forbids it, FORCE_COLOR and CLICOLOR_FORCE ask for it everywhere, CLICOLOR=0 and
// FORCE_COLOR=0 forbid it; an empty variable says nothing. https://no-color.org,
// https://bixense.com/clicolors
bool has_color(int descriptor);

// Whether a line can be drawn over again: on a terminal that understands escape codes, and outside of CI,
// whose logs keep every version.
bool can_redraw(int descriptor);

// Columns of the terminal that the descriptor is; `otherwise` where it is none.
int terminal_width(int descriptor, int otherwise);

enum class Color { kGreen, kYellow, kRed };

// The text between the escape codes of the colour.
std::string colored(std::string_view text, Color color);

}  // namespace actlab
