#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace actlab {

// One HTML page that needs nothing else: of one run, of several, of a comparison. Each folder is a run
// directory or a comparison directory, which stands for its runs. The page stays under 2 MB: what is too much
// is shown coarser, and what still does not fit is left out with a word that says so. Damaged files are named
// on the page.
//
// With `refresh_seconds` the page asks its server for a newer one that often.
//
// Throws Error (2) for a folder that is neither, with the nearest name beside it.
std::string report_page(const std::vector<std::filesystem::path>& folders, int refresh_seconds = 0);

// Where the report of these goes unless told otherwise: into the folder, where it is one alone; else
// report.html in the current directory.
std::filesystem::path default_report_path(const std::vector<std::filesystem::path>& folders);

// Writes the page, whole or not at all. Throws Error (2) as above, Error (1) when it cannot be written.
void write_report(const std::vector<std::filesystem::path>& folders, const std::filesystem::path& out);

// Throws Error (2) as report_page() does.
void check_folders(const std::vector<std::filesystem::path>& folders);

// Whether a process is training in one of them.
bool any_training(const std::vector<std::filesystem::path>& folders);

}  // namespace actlab
