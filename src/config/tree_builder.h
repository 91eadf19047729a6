#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "config/node.h"
#include "config/problems.h"

namespace actlab {

// A text that is being parsed, and what it stands for in messages.
struct ConfigText {
  std::string_view text;
  std::string file;  // empty for the command line
  std::string key;   // of the value, on the command line

  Location at(int line, int column) const { return file.empty() ? Location{} : Location{file, line, column}; }
};

// A place in the text.
struct Place {
  size_t offset = 0;
  int line = 1;
  int column = 1;
};

// Builds a Node from the events of a YAML parser and enforces our rules on the way: the limits, and no tags,
// anchors, aliases, duplicate or non-scalar keys, or missing values. What is left out or repeated by mistake
// is reported; what makes reading on pointless throws Error, to be reported at last_place(). Nesting costs no
// recursion.
class TreeBuilder {
 public:
  TreeBuilder(const ConfigText& source, Problems& problems) : source_(source), problems_(problems) {}

  void begin_document(const Place& place);
  void add_nothing(const Place& place);
  void add_alias(const Place& place);
  void add_scalar(const Place& place, const std::string& text, bool quoted);
  void open(const Place& place, Node::Kind kind);
  void close();
  void anchor(const Place& place) { report(place, "anchors (&) are not allowed"); }
  void tag(const Place& place);

  const Place& last_place() const { return last_place_; }
  Node take_root() { return std::move(root_); }

 private:
  // A list or map that is not closed yet.
  struct Frame {
    Node node;
    bool awaits_key = true;  // of a map
    bool key_valid = false;
    std::string key;  // whose value comes next
    Location key_where;
    std::unordered_set<std::string> keys;
  };

  Node node_at(const Place& place, Node::Kind kind);
  void attach(Node node, bool reported = false);
  void attach_key(Frame& frame, const Node& node);
  static void attach_value(Frame& frame, Node node);
  std::string path() const;
  void report(const Place& place, const std::string& message);
  void report(const Location& where, const std::string& message, const std::string& key);

  const ConfigText& source_;
  Problems& problems_;
  std::vector<Frame> stack_;
  Node root_;
  Place last_place_;
  bool in_document_ = false;
  int nodes_ = 0;
  size_t last_tag_ = std::string::npos;
};

}  // namespace actlab
