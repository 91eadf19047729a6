#include "checkpoint/resume.h"

#include <charconv>
#include <cmath>

#include "config/emit.h"
#include "core/number_text.h"

namespace actlab {
namespace {

// The same notation for a number that was typed and one that a checkpoint keeps.
std::string brief(const std::string& scalar) {
  double value = 0;
  const auto [end, error] = std::from_chars(scalar.data(), scalar.data() + scalar.size(), value);
  const bool number = error == std::errc() && end == scalar.data() + scalar.size() && std::isfinite(value);
  return number && scalar.find_first_of("eE") != std::string::npos ? plain_text(value) : scalar;
}

// One line for a message; flow style would be nicer for lists, but a difference in one is rare.
std::string brief(const Node* node) {
  if (node == nullptr) return "not set";
  if (node->is_scalar()) return brief(node->text);
  std::string text = to_yaml(*node);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

void compare(const Node* stored, const Node* wanted, const std::string& key, const std::string& place,
             std::vector<std::string>& differences) {
  if (stored != nullptr && wanted != nullptr && stored->is_map() && wanted->is_map()) {
    const auto inside = [&](const std::string& name) { return key.empty() ? name : key + "." + name; };
    for (const auto& entry : stored->entries) {
      compare(&entry.value, wanted->find(entry.key), inside(entry.key), place, differences);
    }
    for (const auto& entry : wanted->entries) {
      if (stored->find(entry.key) == nullptr)
        compare(nullptr, &entry.value, inside(entry.key), place, differences);
    }
    return;
  }
  if (stored != nullptr && wanted != nullptr && *stored == *wanted) return;
  differences.push_back(key + " (" + brief(stored) + " in " + place + ", " + brief(wanted) + " now)");
}

}  // namespace

std::vector<std::string> config_differences(const Node& stored, const Node& wanted,
                                            const std::string& place) {
  const Node a = trained_part(stored);
  const Node b = trained_part(wanted);
  std::vector<std::string> differences;
  compare(&a, &b, "", place, differences);
  return differences;
}

}  // namespace actlab
