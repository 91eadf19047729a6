#pragma once

#include <string_view>

// Files of src/plot/assets, built into the program by cmake/Embed.cmake.
namespace actlab::assets {

extern const std::string_view kPlotCss;  // how plots look: in a page and in a file of their own

}  // namespace actlab::assets
