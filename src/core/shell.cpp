#include "core/shell.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace actlab {
namespace {

bool is_plain(char c) {
  constexpr std::string_view kPlain = "_-+=.,:/@%";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || kPlain.find(c) != std::string_view::npos;
}

std::string quoted(const std::string& word) {
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string shell_text(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + quoted(word);
  return text;
}

std::vector<std::string> shell_words(const std::string& text) {
  std::vector<std::string> words;
  bool within_word = false;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ' && !quoted) {
      within_word = false;
      continue;
    }
    if (!within_word) words.emplace_back();
    within_word = true;
    if (text[i] == '\'') {
      quoted = !quoted;
    } else {
      if (text[i] == '\\' && !quoted && i + 1 < text.size()) ++i;
      words.back() += text[i];
    }
  }
  return words;
}

}  // namespace actlab
