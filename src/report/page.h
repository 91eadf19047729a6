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
// What could not be read is added to `unread`, too.
std::string report_page(const std::vector<std::filesystem::path>& folders, int refresh_seconds = 0,
                        std::vector<std::string>* unread = nullptr);

// A page that says so, and asks its server for a newer one that often.
std::string waiting_page(const std::filesystem::path& folder, int refresh_seconds);

// Where the report of these goes unless told otherwise: into the folder, where it is one alone; else
// report.html in the current directory.
std::filesystem::path default_report_path(const std::vector<std::filesystem::path>& folders);

// Writes the page, whole or not at all, and returns what of the folders could not be read. Throws Error (2)
// as above, Error (1) when it cannot be written.
std::vector<std::string> write_report(const std::vector<std::filesystem::path>& folders,
                                      const std::filesystem::path& out);

// Whether it is a run directory or a comparison directory.
bool is_reportable(const std::filesystem::path& folder);

// "; did you mean '...'?" with the nearest name of a run or comparison beside the folder, if one is near.
std::string similar_run(const std::filesystem::path& folder);

// Throws Error (2) as report_page() does.
void check_folders(const std::vector<std::filesystem::path>& folders);

// Whether a process is training in one of them.
bool any_training(const std::vector<std::filesystem::path>& folders);

}  // namespace actlab
