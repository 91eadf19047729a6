#pragma once

#include <filesystem>
#include <string>

namespace actlab::report {

// Writes an SVG file's picture as PNG, whole or not at all, by librsvg's rsvg-convert or else by Chromium.
// Throws Error (1) where neither is installed or both fail.
void rasterize(const std::string& svg, const std::filesystem::path& out);

}  // namespace actlab::report
