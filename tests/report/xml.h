#pragma once

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace actlab::test {

// What is wrong with a document as XML: tags that do not match, attributes without quotes, stray < and &; ""
// when nothing is. Enough of XML for what we write; `skip_declaration` covers <?xml ...?>.
inline std::string xml_problem(std::string_view text) {
  std::vector<std::string> open;
  const auto near = [&](size_t at) { return " near: " + std::string(text.substr(at, 60)); };
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '&') {
      const size_t end = text.find(';', i);
      if (end == std::string_view::npos || end - i > 8) return "a stray &" + near(i);
      i = end + 1;
      continue;
    }
    if (text[i] == '>') return "a stray >" + near(i);
    if (text[i] != '<') {
      ++i;
      continue;
    }
    size_t end = i + 1;
    for (char quote = 0; end < text.size() && (quote != 0 || text[end] != '>'); ++end) {
      if (text[end] == '<') return "a < within a tag" + near(i);
      if (quote != 0 ? text[end] == quote : text[end] == '"') quote = quote != 0 ? 0 : text[end];
    }
    if (end >= text.size()) return "an unclosed tag" + near(i);
    const std::string tag(text.substr(i + 1, end - i - 1));
    const std::string name = tag.substr(0, tag.find_first_of(" \n"));
    const size_t next = end + 1;
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1))
        return "an unexpected </" + tag.substr(1) + ">" + near(i);
      open.pop_back();
    } else if (tag[0] != '?' && tag.back() != '/') {
      open.push_back(name);
    }
    for (size_t equals = tag.find('='); equals != std::string::npos; equals = tag.find('=', equals)) {
      if (equals + 1 >= tag.size() || tag[equals + 1] != '"') return "an attribute without quotes" + near(i);
      equals = tag.find('"', equals + 2);
      if (equals == std::string::npos) return "an unclosed attribute" + near(i);
    }
    i = next;
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

inline size_t count_of(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

}  // namespace actlab::test
