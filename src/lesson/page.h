#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lesson/result.h"

namespace actlab {

// The page of a lesson in Markdown; its chart is beside it as NAME.svg.
std::string lesson_page(const LessonResult& result);

// The page that lists them.
std::string lesson_index(const std::vector<LessonResult>& results);

// Writes NAME.md and NAME.svg of each into the folder, and README.md with the list when all lessons of the
// library are among them. Throws Error (1) when it cannot.
void write_pages(const std::vector<LessonResult>& results, const std::filesystem::path& folder);

}  // namespace actlab
