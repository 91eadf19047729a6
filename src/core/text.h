#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Text for messages and terminals.
namespace actlab {

// 0 to 9, in every locale.
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What printf would print.
[[gnu::format(printf, 1, 2)]] std::string formatted(const char* pattern, ...);

// "a, b, c": for messages that list the allowed names.
std::string join(const std::vector<std::string>& words, std::string_view separator = ", ");

// Characters of UTF-8 text, which may be fewer than its bytes.
size_t length_of(std::string_view text);

// The words in lines of at most `width` characters, the first indented by `first`, the others by `others`. A
// longer word has a line of its own.
std::string wrapped(const std::string& text, size_t width, size_t first, size_t others);

}  // namespace actlab
