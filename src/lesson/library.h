#pragma once

#include <string_view>
#include <vector>

namespace actlab {

// A file of configs/lessons, built into the program by cmake/Embed.cmake.
struct LessonFile {
  std::string_view name;  // without .yaml
  std::string_view text;
};

// In the order of their names.
const std::vector<LessonFile>& lesson_files();

}  // namespace actlab
