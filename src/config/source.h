#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace actlab {

// Bytes of the UTF-8 character that `text` begins with; 0 when it is none (overlong forms and surrogates
// included).
size_t utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

// Control characters other than tab and line breaks, which YAML allows only as escapes; `text` begins with a
// valid character.
bool is_control(std::string_view text);

// A reason to refuse a text before it is parsed.
struct SourceFlaw {
  int line = 0;    // from 1
  int column = 0;  // from 1
  std::string message;
};

// The first character that no config holds: not UTF-8, a control character, or a directive (% at the start of
// a line).
std::optional<SourceFlaw> find_flaw(std::string_view text);

}  // namespace actlab
