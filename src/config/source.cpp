#include "config/source.h"

#include <cstdint>

namespace actlab {
namespace {

bool in_range(std::string_view text, size_t index, unsigned low, unsigned high) {
  if (index >= text.size()) return false;
  const auto byte = static_cast<unsigned char>(text[index]);
  return byte >= low && byte <= high;
}

bool continues(std::string_view text, size_t from, size_t to) {
  for (size_t i = from; i < to; ++i) {
    if (!in_range(text, i, 0x80, 0xBF)) return false;
  }
  return true;
}

// The wide encodings begin with a byte order mark or have zero bytes between Latin letters.
bool looks_like_utf16(std::string_view text) {
  return text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE") ||
         (text.size() > 1 && (text[0] == '\0') != (text[1] == '\0'));
}

// Empty when the character at `rest` is fine.
std::string flaw_of(std::string_view rest, size_t length, int column) {
  if (length == 0) return "this is not UTF-8 text";
  if (rest[0] == '\r' && !rest.starts_with("\r\n")) return "a carriage return without a newline";
  if (rest[0] == '%' && column == 1) return "directives (lines that start with %) are not allowed";
  if (is_control(rest)) return "a control character; in double quotes it can be written as an escape";
  return "";
}

}  // namespace

// The table of well-formed byte sequences is that of the Unicode Standard, section 3.9.
size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(text, 1, 2) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool second = in_range(text, 1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    return second && continues(text, 2, 3) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool second = in_range(text, 1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    return second && continues(text, 2, 4) ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_control(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text[0]);
  if (byte < 0x20) return byte != '\t' && byte != '\n' && byte != '\r';
  return byte == 0x7F || (byte == 0xC2 && in_range(text, 1, 0x80, 0x9F));
}

std::optional<SourceFlaw> find_flaw(std::string_view text) {
  if (looks_like_utf16(text)) return SourceFlaw{1, 1, "this is UTF-16 or UTF-32 text; save it as UTF-8"};
  int line = 1;
  int column = 1;
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    std::string message = flaw_of(text, length, column);
    if (!message.empty()) return SourceFlaw{line, column, std::move(message)};
    column += static_cast<int>(length);
    if (text[0] == '\n') {
      ++line;
      column = 1;
    }
    text.remove_prefix(length);
  }
  return std::nullopt;
}

}  // namespace actlab
