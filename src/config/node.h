#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace actlab {

// Where a value was written: "configs/mnist.yaml:3:12", or "command line".
struct Location {
  std::string file;  // as the user gave it; empty for the command line
  int line = 0;      // from 1; 0 stands for the file as a whole
  int column = 0;    // from 1, in bytes

  std::string text() const;
};

struct Entry;

// One YAML value. Scalars keep their text: the field that reads them decides their type.
struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;     // kNull: nothing usable stands there, which has been reported
  std::string text;            // of a scalar
  bool quoted = false;         // '5' and "5" are strings, 5 is a number
  std::vector<Node> items;     // of a list
  std::vector<Entry> entries;  // of a map, in the order written, keys unique
  Location where;

  static Node scalar(std::string text, bool quoted = false);
  static Node map();
  static Node list();

  bool is_null() const { return kind == Kind::kNull; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  bool is_map() const { return kind == Kind::kMap; }
  bool is_list() const { return kind == Kind::kList; }

  const Node* find(std::string_view key) const;  // nullptr when absent or not a map
  Node* find(std::string_view key);
  Node& operator[](const std::string& key);  // of a map; added at the end when absent
  void erase(std::string_view key);
};

struct Entry {
  std::string key;
  Node value;
  Location where;  // of the key
};

// Same kinds, texts, keys (in any order) and items; locations and quoting do not count.
bool operator==(const Node& a, const Node& b);

// The key of `child` inside `parent`, as messages and overrides write it: "optimizer.lr".
std::string dotted(const std::string& parent, const std::string& child);

}  // namespace actlab
