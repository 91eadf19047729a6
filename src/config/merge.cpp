#include "config/merge.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "config/document.h"
#include "config/scalar.h"

namespace actlab {
namespace {

// Adds the entries of `newer`, replacing those of the same key by what `combine` makes of the two. Hashed:
// both may come from a hostile file with thousands of keys.
template <class Combine>
void merge_entries(Node& base, const Node& newer, const Combine& combine) {
  std::unordered_map<std::string, size_t> index;
  for (size_t i = 0; i < base.entries.size(); ++i) index.emplace(base.entries[i].key, i);
  for (const auto& entry : newer.entries) {
    const auto known = index.find(entry.key);
    if (known == index.end()) {
      base.entries.push_back(entry);
    } else {
      combine(base.entries[known->second], entry);
    }
  }
}

void replace(Entry& old, const Entry& newer) {
  old = newer;
}

// What is to get keys of its own becomes a map; a bare name is its type.
void make_map(Node& node) {
  if (node.is_map()) return;
  Node map = Node::map();
  map.where = node.where;
  if (node.is_scalar()) {
    Entry type{.key = "type", .value = {}, .where = node.where};
    type.value = std::move(node);
    map.entries.push_back(std::move(type));
  }
  node = std::move(map);
}

void merge_section(Entry& old, const Entry& newer) {
  const bool adds_keys = newer.value.is_map() && !newer.value.find("type");
  if (!adds_keys || old.value.is_list()) return replace(old, newer);
  make_map(old.value);
  merge_entries(old.value, newer.value, replace);
}

// "a.b" as its parts; empty when it is no dotted key.
std::vector<std::string> split_key(const std::string& key) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin <= key.size()) {
    const size_t end = std::min(key.find('.', begin), key.size());
    if (end == begin) return {};
    parts.push_back(key.substr(begin, end - begin));
    begin = end + 1;
  }
  if (parts.size() >= kMaxConfigDepth) return {};
  return parts;
}

bool is_name(const std::string& key) {
  return std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

// The child that `part` names; made when a map has none. nullptr, reported, for an item that a list does not
// have.
Node* child(Node& node, const std::string& part, const std::string& path, Problems& problems) {
  if (!node.is_list()) {
    make_map(node);
    return &node[part];
  }
  int64_t index = -1;
  if (parse_number(part, index) == NumberText::kGood && index >= 0 && index < std::ssize(node.items)) {
    return &node.items[static_cast<size_t>(index)];
  }
  problems.add({}, path,
               node.items.empty() ? "the list has no items"
                                  : "the list has items 0 to " + std::to_string(node.items.size() - 1));
  return nullptr;
}

}  // namespace

void merge(Node& base, const Node& newer) {
  merge_entries(base, newer, merge_section);
}

void apply_override(Node& root, const std::string& assignment, Problems& problems) {
  const size_t equals = assignment.find('=');
  const std::string key = assignment.substr(0, equals);
  const auto parts = split_key(key);
  if (equals == std::string::npos || parts.empty() || !is_name(key)) {
    return problems.add({}, "", shown(assignment) + " is not key=value with a key such as train.epochs");
  }
  if (parts[0] == "extends") return problems.add({}, key, "can only stand in a file");
  const size_t before = problems.size();
  Node value = parse_yaml_value(assignment.substr(equals + 1), problems, key);
  if (problems.size() != before) return;

  if (parts.size() == 1) {
    Node newer = Node::map();
    newer[key] = std::move(value);
    return merge(root, newer);
  }
  Node* node = &root;
  for (size_t i = 0; i < parts.size(); ++i) {
    node = child(*node, parts[i], key, problems);
    if (!node) return;
  }
  *node = std::move(value);
}

}  // namespace actlab
