#include "config/emit.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "config/source.h"
#include "core/text.h"

namespace actlab {
namespace {

constexpr size_t kLineWidth = 100;  // flow style that would reach further is written as a block

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
}
// Characters that mean nothing to YAML wherever they stand.
bool is_ordinary(char c) {
  return is_letter(c) || is_digit(c) || c == '/' || c == '.' || c == '+' || c == '-';
}

// Ordinary all through, but for colons inside, which only mean something before a blank: cuda:0.
bool has_ordinary_characters(const std::string& text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool inner_colon = text[i] == ':' && i > 0 && i + 1 < text.size() && is_ordinary(text[i + 1]);
    if (!is_ordinary(text[i]) && !inner_colon) return false;
  }
  return true;
}

// Words that some YAML reader takes for null or a boolean; those of YAML 1.1 too, as Python's reader does.
bool is_reserved(const std::string& text) {
  static const std::array words = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  std::string lower = text;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::find(words, lower) != words.end();
}

// May the text stand without quotes? A string may when it cannot be read as anything else; a number or a
// boolean when it has the shape of one.
bool is_plain(const Node& scalar) {
  const std::string& text = scalar.text;
  if (text.empty() || !has_ordinary_characters(text)) return false;
  if (is_letter(text[0]) || text[0] == '/') {
    return !is_reserved(text) || (!scalar.quoted && (text == "true" || text == "false"));
  }
  return !scalar.quoted && std::ranges::any_of(text, is_digit);
}

void append_escape(std::string& out, unsigned code) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\x";
  out += kHex[code >> 4];
  out += kHex[code & 0xF];
}

// One character of a double-quoted text; what is not UTF-8 becomes U+FFFD.
void append_quoted(std::string& out, std::string_view character) {
  const auto byte = static_cast<unsigned char>(character[0]);
  if (byte == '"' || byte == '\\') {
    (out += '\\') += character[0];
  } else if (byte == '\n' || byte == '\t' || byte == '\r') {
    out += byte == '\n' ? "\\n" : byte == '\t' ? "\\t" : "\\r";
  } else if (utf8_length(character) == 0) {
    out += "\xEF\xBF\xBD";
  } else if (is_control(character)) {
    append_escape(out, character.size() == 1 ? byte : static_cast<unsigned char>(character[1]));
  } else {
    out += character;
  }
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t length = std::max<size_t>(1, utf8_length(text));
    append_quoted(out, text.substr(0, length));
    text.remove_prefix(length);
  }
  return out + '"';
}

std::string scalar_text(const Node& scalar) {
  return is_plain(scalar) ? scalar.text : in_quotes(scalar.text);
}

std::string key_text(const std::string& key) {
  return scalar_text(Node::scalar(key, true));
}

std::string flow(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::kNull:
      return "null";
    case Node::Kind::kScalar:
      return scalar_text(node);
    case Node::Kind::kList:
      for (const auto& item : node.items) out += (out.empty() ? "" : ", ") + flow(item);
      return "[" + out + "]";
    case Node::Kind::kMap:
      for (const auto& entry : node.entries) {
        out += (out.empty() ? "" : ", ") + key_text(entry.key) + ": " + flow(entry.value);
      }
      return "{" + out + "}";
  }
  return out;
}

bool has_children(const Node& node) {
  return !node.items.empty() || !node.entries.empty();
}

// Lines of a list or map with children, each indented by 2 * depth; `depth` 0 is the whole config, 1 its
// sections.
std::string block(const Node& node, size_t depth);

// What follows "key:" or "-" when it fits there, or "".
std::string inline_text(const Node& node, size_t depth, size_t used) {
  if (node.is_scalar() || !has_children(node)) return flow(node);
  if (depth < 2) return "";
  std::string text = flow(node);
  return used + text.size() <= kLineWidth ? text : "";
}

std::string entry_lines(const Entry& entry, size_t depth) {
  const std::string start = std::string(2 * depth, ' ') + key_text(entry.key) + ":";
  const std::string text = inline_text(entry.value, depth + 1, start.size() + 1);
  return text.empty() ? start + "\n" + block(entry.value, depth + 1) : start + " " + text + "\n";
}

std::string item_lines(const Node& item, size_t depth) {
  const std::string start = std::string(2 * depth, ' ') + "- ";
  const std::string text = inline_text(item, depth + 1, start.size());
  return start + (text.empty() ? block(item, depth + 1).substr(start.size()) : text + "\n");
}

std::string block(const Node& node, size_t depth) {
  std::string out;
  for (const auto& entry : node.entries) out += entry_lines(entry, depth);
  for (const auto& item : node.items) out += item_lines(item, depth);
  return out;
}

}  // namespace

std::string to_yaml(const Node& node) {
  return node.is_map() && has_children(node) ? block(node, 0) : flow(node) + "\n";
}

}  // namespace actlab
