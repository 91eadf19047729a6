#include "core/text.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <sstream>

namespace actlab {

std::string formatted(const char* pattern, ...) {
  va_list arguments;
  va_start(arguments, pattern);
  va_list again;
  va_copy(again, arguments);
  std::string text(static_cast<size_t>(std::max(0, std::vsnprintf(nullptr, 0, pattern, arguments))), '\0');
  std::vsnprintf(text.data(), text.size() + 1, pattern, again);
  va_end(again);
  va_end(arguments);
  return text;
}

std::string join(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

size_t length_of(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string wrapped(const std::string& text, size_t width, size_t first, size_t others) {
  std::istringstream words(text);
  std::string done;
  std::string line(first, ' ');
  bool begun = false;
  for (std::string word; words >> word; begun = true) {
    if (begun && length_of(line) + 1 + length_of(word) > width) {
      done += line + "\n";
      line.assign(others, ' ');
      begun = false;
    }
    line += (begun ? " " : "") + word;
  }
  return done + line + "\n";
}

}  // namespace actlab
