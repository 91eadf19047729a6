#include "plot/svg.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "plot/assets.h"
#include "plot/color.h"

namespace actlab {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Character {
  size_t bytes = 1;
  bool valid = false;
};

// The UTF-8 character that starts at text[at]; not valid where XML could not hold it.
Character character_at(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(at);
  if (first < 0x80) return {1, first >= 0x20 || first == '\t' || first == '\n'};
  const size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + bytes > text.size()) return {};
  uint32_t code = first & (0xff >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(at + i) & 0x3f);
  }
  constexpr std::array<uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  const bool valid = code >= kLeast[bytes] && code <= 0x10ffff && !surrogate && (code & 0xfffe) != 0xfffe &&
                     (code < 0x80 || code >= 0xa0);
  return valid ? Character{bytes, true} : Character{};
}

size_t count_characters(std::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); i += character_at(text, i).bytes) ++count;
  return count;
}

// The byte at which the n-th character begins.
size_t byte_of(std::string_view text, size_t n) {
  size_t at = 0;
  for (; n > 0 && at < text.size(); --n) at += character_at(text, at).bytes;
  return at;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const auto [bytes, valid] = character_at(text, i);
    const std::string_view character = text.substr(i, bytes);
    i += bytes;
    if (!valid) {
      out += kReplacement;
    } else if (character == "&") {
      out += "&amp;";
    } else if (character == "<") {
      out += "&lt;";
    } else if (character == ">") {
      out += "&gt;";
    } else if (character == "\"") {
      out += "&quot;";
    } else if (character == "'") {
      out += "&#39;";
    } else {
      out += character;
    }
  }
  return out;
}

std::string px(double value) {
  if (!std::isfinite(value)) return "0";
  const double rounded = std::round(100 * value) / 100;
  char text[400];
  const auto end =
      std::to_chars(text, text + sizeof text, rounded == 0 ? 0 : rounded, std::chars_format::fixed).ptr;
  return {text, end};
}

std::string element(std::string_view name,
                    std::initializer_list<std::pair<std::string_view, std::string>> attributes,
                    std::string_view content) {
  std::string out = "<" + std::string(name);
  for (const auto& [key, value] : attributes) {
    if (value.empty()) continue;
    out.append(" ").append(key).append("=\"").append(escape(value)).append("\"");
  }
  if (content.empty()) return out + "/>";
  return out.append(">").append(content).append("</").append(name).append(">");
}

std::string svg_text(double x, double y, std::string_view text, std::string_view css_class,
                     std::string_view anchor) {
  return element("text",
                 {{"x", px(x)},
                  {"y", px(y)},
                  {"class", std::string(css_class)},
                  {"text-anchor", anchor == "start" ? "" : std::string(anchor)}},
                 text.empty() ? " " : escape(text));
}

double text_width(std::string_view text, double font_size) {
  return 0.58 * font_size * static_cast<double>(count_characters(text));
}

std::string shorten(std::string_view text, size_t characters) {
  const size_t count = count_characters(text);
  if (count <= characters || characters < 3) return std::string(text);
  const size_t head = (characters - 1) * 2 / 3;
  const size_t tail = characters - 1 - head;
  return std::string(text.substr(0, byte_of(text, head))) + "…" +
         std::string(text.substr(byte_of(text, count - tail)));
}

std::string svg_fragment(double width, double height, std::string_view label, std::string_view content,
                         std::string_view attributes) {
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\" viewBox=\"0 0 ";
  out += px(width) + " " + px(height) + "\"";
  if (!label.empty()) out += " aria-label=\"" + escape(label) + "\"";
  return out.append(attributes).append(">").append(content).append("</svg>\n");
}

std::string svg_grid(const std::vector<std::string>& fragments, size_t columns, double width, double height,
                     std::string_view label) {
  std::string content;
  for (size_t i = 0; i < fragments.size(); ++i) {
    const size_t row = i / columns;
    const std::string place = "<svg x=\"" + px(width * static_cast<double>(i % columns)) + "\" y=\"" +
                              px(height * static_cast<double>(row)) + "\" width=\"" + px(width) +
                              "\" height=\"" + px(height) + "\"";
    content += place + fragments[i].substr(std::string_view("<svg").size());
  }
  const size_t rows = (fragments.size() + columns - 1) / columns;
  return svg_fragment(width * static_cast<double>(columns), height * static_cast<double>(rows), label,
                      content);
}

std::string svg_file(std::string_view fragment) {
  const size_t open = fragment.find('>') + 1;
  std::string out(fragment.substr(0, open));
  out += "<style>" + theme_css("svg.plot") + std::string(assets::kPlotCss) +
         "svg.plot{background:var(--card)}</style>";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + out.append(fragment.substr(open));
}

}  // namespace actlab
