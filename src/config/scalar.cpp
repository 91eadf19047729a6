#include "config/scalar.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "config/source.h"
#include "core/text.h"

namespace actlab {
namespace {

// std::from_chars knows no leading '+'; what it takes beyond our notation is refused here.
bool has_number_shape(std::string_view unsigned_text, std::string_view characters) {
  if (unsigned_text.empty() || unsigned_text.find_first_not_of(characters) != std::string_view::npos)
    return false;
  if (unsigned_text[0] == '-' || unsigned_text[0] == '+') return false;
  return !(unsigned_text.size() > 1 && unsigned_text[0] == '0' && is_digit(unsigned_text[1]));
}

template <class T>
NumberText parse(std::string_view text, std::string_view characters, T& out) {
  const bool has_sign = text.starts_with('+') || text.starts_with('-');
  const std::string_view digits = text.substr(has_sign ? 1 : 0);
  if (!has_number_shape(digits, characters)) return NumberText::kMalformed;
  if (text.starts_with('+')) text = digits;
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return NumberText::kMalformed;
  if (error == std::errc::result_out_of_range) return NumberText::kOutOfRange;
  if (error != std::errc()) return NumberText::kMalformed;
  out = value;
  return NumberText::kGood;
}

}  // namespace

NumberText parse_number(std::string_view text, int64_t& out) {
  return parse(text, "0123456789", out);
}

NumberText parse_number(std::string_view text, double& out) {
  return parse(text, "0123456789.eE+-", out);
}

std::string shown(std::string_view text) {
  constexpr size_t kLongest = 60;
  std::string out = "'";
  while (!text.empty() && out.size() < kLongest) {
    const size_t length = utf8_length(text);
    const bool printable =
        length > 0 && !is_control(text) && text[0] != '\n' && text[0] != '\r' && text[0] != '\t';
    out += printable ? text.substr(0, length) : "?";
    text.remove_prefix(std::max<size_t>(1, length));
  }
  return out + (text.empty() ? "'" : "…'");
}

}  // namespace actlab
