#pragma once

#include <filesystem>
#include <string>

#include "rundir/history.h"

namespace actlab::report {

// Two runs as one picture of 1200 by 630, the size that pages share: for each the gradient of every layer,
// from black where nothing of it is left to bright where it is the last layer's, and what the run reached. An
// SVG file of its own whose colours are written out, for programs that know no style sheets.
std::string before_after_svg(const Run& before, const Run& after);

}  // namespace actlab::report

namespace actlab {

// Writes it, as SVG or PNG by the file's name. Throws Error (2) for a folder that is no run, for another name
// and for runs that were not examined, Error (1) where it cannot be written or nothing here makes PNG of SVG.
void write_before_after(const std::filesystem::path& before, const std::filesystem::path& after,
                        const std::filesystem::path& out);

}  // namespace actlab
