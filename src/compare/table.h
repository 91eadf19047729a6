#pragma once

#include <string>

#include "compare/comparison.h"

namespace actlab {

// The table and the notes for a terminal: aligned, at most 100 columns wide where the figures allow. Columns
// that no row has a figure for are left out.
std::string terminal_table(const Comparison& comparison);

// The table and the notes as Markdown.
std::string markdown_table(const Comparison& comparison);

}  // namespace actlab
