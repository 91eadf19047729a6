#include "config/node.h"

#include <algorithm>
#include <utility>

namespace actlab {
namespace {

Node of_kind(Node::Kind kind) {
  Node node;
  node.kind = kind;
  return node;
}

}  // namespace

std::string Location::text() const {
  if (file.empty()) return "command line";
  if (line == 0) return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

Node Node::scalar(std::string text, bool quoted) {
  Node node = of_kind(Kind::kScalar);
  node.text = std::move(text);
  node.quoted = quoted;
  return node;
}

Node Node::map() {
  return of_kind(Kind::kMap);
}

Node Node::list() {
  return of_kind(Kind::kList);
}

const Node* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &Entry::key);
  return found == entries.end() ? nullptr : &found->value;
}

Node* Node::find(std::string_view key) {
  const auto found = std::ranges::find(entries, key, &Entry::key);
  return found == entries.end() ? nullptr : &found->value;
}

Node& Node::operator[](const std::string& key) {
  if (Node* known = find(key)) return *known;
  entries.push_back({.key = key, .value = {}, .where = {}});
  return entries.back().value;
}

void Node::erase(std::string_view key) {
  std::erase_if(entries, [&](const Entry& entry) { return entry.key == key; });
}

bool operator==(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.text != b.text || a.items != b.items) return false;
  return a.entries.size() == b.entries.size() && std::ranges::all_of(a.entries, [&](const Entry& entry) {
           const Node* other = b.find(entry.key);
           return other && *other == entry.value;
         });
}

std::string dotted(const std::string& parent, const std::string& child) {
  return parent.empty() ? child : parent + "." + child;
}

}  // namespace actlab
