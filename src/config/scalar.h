#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace actlab {

enum class NumberText { kGood, kMalformed, kOutOfRange };

// The whole of `text` as a number, the same in every locale; `out` is only written when it is good. Whole
// numbers are digits with an optional sign. Other numbers may have a point and an exponent. Not numbers:
// hexadecimal and octal forms, leading zeros, digit separators, inf, nan.
NumberText parse_number(std::string_view text, int64_t& out);
NumberText parse_number(std::string_view text, double& out);

// The text in single quotes, shortened and with control characters replaced, so that it fits in a message.
std::string shown(std::string_view text);

}  // namespace actlab
