#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "lesson/result.h"

namespace actlab {

// The page of a lesson in Markdown; its chart is beside it as NAME.svg.
std::string lesson_page(const LessonResult& result);

// The page that lists them.
std::string lesson_index(const std::vector<LessonResult>& results);

// `text` with links to pages that are not there, as `is_there` says of "one_sign.md", as their words alone.
std::string without_dead_links(const std::string& text,
                               const std::function<bool(const std::string& page)>& is_there);

// Writes NAME.md and NAME.svg of each into the folder, and README.md with the list: when all lessons of the
// library are among them, or when the folder has none yet. A page links to no page that is not there. Throws
// Error (1) when it cannot.
void write_pages(const std::vector<LessonResult>& results, const std::filesystem::path& folder);

}  // namespace actlab
