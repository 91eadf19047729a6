#include "config/tree_builder.h"

#include <algorithm>
#include <utility>

#include "config/document.h"

namespace actlab {
namespace {

[[noreturn]] void refuse_config(const std::string& message) {
  throw Error(ExitStatus::kUsage, message);
}

}  // namespace

void TreeBuilder::begin_document(const Place& place) {
  last_place_ = place;
  if (!std::exchange(in_document_, true)) return;
  const bool marker = source_.text.substr(std::min(place.offset, source_.text.size())).starts_with("---");
  refuse_config(marker ? "a second document; a config is one document"
                       : "text after the end of the document: check brackets and indentation");
}

void TreeBuilder::add_nothing(const Place& place) {
  attach(node_at(place, Node::Kind::kNull));
}

void TreeBuilder::add_alias(const Place& place) {
  report(place, "aliases (*) are not allowed; repeat the value");
  attach(node_at(place, Node::Kind::kNull), /*reported=*/true);
}

void TreeBuilder::add_scalar(const Place& place, const std::string& text, bool quoted) {
  Node node = node_at(place, Node::Kind::kScalar);
  node.text = text;
  node.quoted = quoted;
  if (text.find('\0') != std::string::npos) report(place, "a NUL character in a text");
  attach(std::move(node));
}

void TreeBuilder::open(const Place& place, Node::Kind kind) {
  Frame frame;
  frame.node = node_at(place, kind);
  if (stack_.size() >= kMaxConfigDepth)
    refuse_config("deeper than " + std::to_string(kMaxConfigDepth) + " levels");
  stack_.push_back(std::move(frame));
}

void TreeBuilder::close() {
  Node node = std::move(stack_.back().node);
  stack_.pop_back();
  attach(std::move(node));
}

// A map and its first key can both begin at the same tag.
void TreeBuilder::tag(const Place& place) {
  if (std::exchange(last_tag_, place.offset) != place.offset) report(place, "tags (!) are not allowed");
}

// Every key, value, list and map comes by here once.
Node TreeBuilder::node_at(const Place& place, Node::Kind kind) {
  last_place_ = place;
  if (++nodes_ > kMaxConfigNodes)
    refuse_config("more than " + std::to_string(kMaxConfigNodes) + " keys and values");
  Node node;
  node.kind = kind;
  node.where = source_.at(place.line, place.column);
  return node;
}

void TreeBuilder::attach(Node node, bool reported) {
  if (stack_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& frame = stack_.back();
  if (frame.node.is_list()) {
    if (node.is_null() && !reported) report(node.where, "an item of the list is empty", path());
    frame.node.items.push_back(std::move(node));
  } else if (frame.awaits_key) {
    attach_key(frame, node);
  } else {
    if (node.is_null() && !reported && frame.key_valid) report(frame.key_where, "has no value", path());
    attach_value(frame, std::move(node));
  }
}

void TreeBuilder::attach_key(Frame& frame, const Node& node) {
  frame.awaits_key = false;
  frame.key_valid = false;
  frame.key = node.text;
  frame.key_where = node.where;
  if (!node.is_scalar()) return report(node.where, "a key must be a name", source_.key);
  if (node.text.size() > kMaxConfigKeyBytes) {
    return report(node.where, "a key of more than " + std::to_string(kMaxConfigKeyBytes) + " bytes",
                  source_.key);
  }
  frame.key_valid = frame.keys.insert(node.text).second;
  if (!frame.key_valid) report(node.where, "the key is given twice", path());
}

void TreeBuilder::attach_value(Frame& frame, Node node) {
  frame.awaits_key = true;
  if (frame.key_valid)
    frame.node.entries.push_back({std::move(frame.key), std::move(node), std::move(frame.key_where)});
}

// "model.activation" while the value of `activation` is being read.
std::string TreeBuilder::path() const {
  std::string path = source_.key;
  for (const auto& frame : stack_) {
    path = dotted(path, frame.node.is_list() ? std::to_string(frame.node.items.size()) : frame.key);
  }
  return path;
}

void TreeBuilder::report(const Place& place, const std::string& message) {
  report(source_.at(place.line, place.column), message, source_.key);
}

void TreeBuilder::report(const Location& where, const std::string& message, const std::string& key) {
  problems_.add(where, key, message);
  if (problems_.size() >= kMaxConfigMistakes) {
    refuse_config("too many mistakes; what comes after this was not read");
  }
}

}  // namespace actlab
