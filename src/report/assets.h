#pragma once

#include <string_view>

// Files of src/report/assets, built into the program by cmake/Embed.cmake.
namespace actlab::assets {

extern const std::string_view kPageCss;
extern const std::string_view kPageJs;

}  // namespace actlab::assets
