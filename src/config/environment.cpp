#include "config/environment.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "config/document.h"
#include "config/scalar.h"
#include "config/source.h"

namespace actlab {
namespace {

constexpr std::string_view kStart = "${";
constexpr std::string_view kEnv = "env:";

bool is_variable_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && is_letter(name[0]) &&
         std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

// How many bytes all values together may still be; none once one was too large, which is said once.
using Room = std::optional<size_t>;

// Replaces the references in one text.
class Substitution {
 public:
  Substitution(const Node& node, const std::string& key, Room& room, Problems& problems)
      : node_(node), key_(key), room_(room), problems_(problems) {}

  // The text with its references replaced; unspecified after a mistake.
  std::string run() {
    std::string out;
    std::string_view rest = node_.text;
    for (size_t start = rest.find(kStart); start != std::string_view::npos; start = rest.find(kStart)) {
      out += rest.substr(0, start);
      const size_t end = rest.find('}', start);
      if (end == std::string_view::npos) return malformed(rest.substr(start));
      if (!room_) return "";
      const std::string value = value_of(rest.substr(start, end + 1 - start));
      if (value.size() > *room_) return too_large();
      *room_ -= value.size();
      out += value;
      rest.remove_prefix(end + 1);
    }
    return out.append(rest);
  }

 private:
  // `reference` is all of "${...}".
  std::string value_of(std::string_view reference) {
    const std::string_view inside = reference.substr(kStart.size(), reference.size() - kStart.size() - 1);
    if (!inside.starts_with(kEnv)) return malformed(reference);
    const std::string_view rest = inside.substr(kEnv.size());
    const size_t colon = rest.find(":-");
    const std::string name(rest.substr(0, colon));
    const bool has_default = colon != std::string_view::npos;
    const std::string_view otherwise = has_default ? rest.substr(colon + 2) : "";
    if (!is_variable_name(name) || otherwise.find(kStart) != std::string_view::npos)
      return malformed(reference);
    return lookup(name, has_default, otherwise);
  }

  std::string lookup(const std::string& name, bool has_default, std::string_view otherwise) {
    const char* value = std::getenv(name.c_str());
    if (value && !is_utf8(value)) return fail("the environment variable " + name + " is not UTF-8 text");
    if (value) return value;
    if (has_default) return std::string(otherwise);
    return fail("the environment variable " + name + " is not set; set it, or write ${env:" + name +
                ":-default}");
  }

  std::string too_large() {
    room_.reset();
    return fail("what environment variables put into this config is larger than 1 MiB");
  }

  std::string malformed(std::string_view reference) {
    return fail(shown(reference) + " must be ${env:NAME} or ${env:NAME:-default}");
  }

  std::string fail(const std::string& message) {
    problems_.add(node_.where, key_, message);
    return "";
  }

  const Node& node_;
  const std::string& key_;
  Room& room_;
  Problems& problems_;
};

void resolve(Node& node, const std::string& key, Room& room, Problems& problems) {
  if (node.is_scalar() && node.text.find(kStart) != std::string::npos) {
    const size_t before = problems.size();
    node.text = Substitution(node, key, room, problems).run();
    node.quoted = false;
    if (problems.size() != before) node.kind = Node::Kind::kNull;
  }
  for (size_t i = 0; i < node.items.size(); ++i)
    resolve(node.items[i], dotted(key, std::to_string(i)), room, problems);
  for (auto& entry : node.entries) resolve(entry.value, dotted(key, entry.key), room, problems);
}

}  // namespace

void resolve_environment(Node& root, Problems& problems) {
  Room room = kMaxConfigBytes;
  resolve(root, "", room, problems);
}

}  // namespace actlab
