#include "config/fields.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "config/keys.h"
#include "config/scalar.h"
#include "core/number_text.h"
#include "core/suggest.h"
#include "core/text.h"
#include "core/typed_path.h"

namespace actlab {
namespace {

std::string description(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kMap:
      return "a map";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kScalar:
      return shown(node.text);
    case Node::Kind::kNull:
      break;
  }
  return "nothing";
}

// What a name at that key names: "optimizer" of optimizer and optimizer.type, "layer" of model.layers.3.
std::string kind_of(const std::string& key) {
  constexpr std::string_view kType = ".type";
  std::string text = key.ends_with(kType) ? key.substr(0, key.size() - kType.size()) : key;
  const size_t dot = text.rfind('.');
  std::string last = text.substr(dot + 1);
  int64_t index = 0;
  if (dot == std::string::npos || parse_number(last, index) != NumberText::kGood) return last;
  text = text.substr(0, dot);
  text = text.substr(text.rfind('.') + 1);
  return text.ends_with('s') ? text.substr(0, text.size() - 1) : text;
}

std::string in_parentheses(const std::string& text) {
  return text.empty() ? "" : " (" + text + ")";
}

// int64_t ends before most ranges do.
std::string whole_range_text(const Range& range) {
  const std::string text = range.text();
  return text.empty() ? "within 64 bits" : text;
}

// Reads the number, or says why it is none.
template <class T>
void read_number(const Node& node, T& out, const ReadContext& context, const Range& range,
                 const std::string& what, const std::string& range_text) {
  T value{};
  if (node.is_scalar() && node.quoted) {
    return context.fail(node, "must be " + what + in_parentheses(range.text()) + ", but " + shown(node.text) +
                                  " in quotes is text: leave them out");
  }
  const auto result = node.is_scalar() ? parse_number(node.text, value) : NumberText::kMalformed;
  if (result == NumberText::kMalformed) {
    return context.fail_expecting(node, what + in_parentheses(range.text()));
  }
  if (result == NumberText::kOutOfRange || !range.contains(static_cast<double>(value))) {
    return context.fail_expecting(node, range_text);
  }
  out = value;
}

// Gives the parts of `to` the places of the same parts of `from`.
void copy_locations(const Node& from, Node& to) {
  to.where = from.where;
  for (size_t i = 0; i < std::min(from.items.size(), to.items.size()); ++i)
    copy_locations(from.items[i], to.items[i]);
  for (auto& entry : to.entries) {
    const auto found = std::ranges::find(from.entries, entry.key, &Entry::key);
    if (found == from.entries.end()) continue;
    entry.where = found->where;
    copy_locations(found->value, entry.value);
  }
}

// The node that names the type: the component itself, or its `type`. nullptr when there is none to read,
// which is then reported.
const Node* type_node(const Node& node, const std::vector<std::string>& names, const ReadContext& context) {
  const Node* type = node.is_map() ? node.find("type") : &node;
  if (!type) {
    context.fail(node, "needs `type`, one of: " + join(names));
  } else if (type->is_null()) {
    return nullptr;
  } else if (!type->is_scalar()) {
    const bool whole = type == &node;
    (whole ? context : context.inside("type"))
        .fail_expecting(*type, (whole ? "a name, or a map with `type`: " : "one of: ") + join(names));
    return nullptr;
  }
  return type;
}

}  // namespace

void ReadContext::fail(const Node& node, std::string message, std::string suggestion,
                       std::string allowed) const {
  problems.add(node.where, key, std::move(message), std::move(suggestion), std::move(allowed));
}

void ReadContext::fail_expecting(const Node& node, const std::string& expected,
                                 const std::vector<std::string>& names) const {
  auto known = names;
  if (!alternative.empty()) known.push_back(alternative);
  fail(node,
       "must be " + expected + (alternative.empty() ? "" : " or " + alternative) + ", not " +
           description(node),
       node.is_scalar() ? nearest(node.text, known) : "");
}

void ReadContext::fail_unknown(const Node& node, const Choice& choice) const {
  auto known = choice.names;
  if (!alternative.empty()) known.push_back(alternative);
  const std::string allowed = known_names(known, choice.list);
  if (!node.is_scalar())
    return fail(node, "must be one of the names there are, not " + description(node), "", allowed);
  const std::string kind = choice.kind.empty() ? kind_of(key) : choice.kind;
  fail(node, "unknown " + kind + " " + shown(node.text), nearest(node.text, known), allowed);
}

void read_value(const Node& node, bool& out, const ReadContext& context) {
  if (!node.is_scalar() || (node.text != "true" && node.text != "false")) {
    return context.fail_expecting(node, "true or false", {"true", "false"});
  }
  if (node.quoted) {
    return context.fail(
        node, "must be true or false, but " + shown(node.text) + " in quotes is text: leave them out");
  }
  out = node.text == "true";
}

void read_value(const Node& node, int64_t& out, const ReadContext& context, const Range& range) {
  read_number(node, out, context, range, "a whole number", whole_range_text(range));
}

void read_value(const Node& node, double& out, const ReadContext& context, const Range& range) {
  const std::string text = range.text();
  read_number(node, out, context, range, "a number", text.empty() ? "a number that a double can hold" : text);
}

void read_value(const Node& node, std::string& out, const ReadContext& context) {
  if (!node.is_scalar()) return context.fail_expecting(node, "a text");
  out = node.text;
}

void read_value(const Node& node, std::string& out, const ReadContext& context, const Choice& choice) {
  if (!node.is_scalar() || std::ranges::find(choice.names, node.text) == choice.names.end()) {
    return context.fail_unknown(node, choice);
  }
  out = node.text;
}

void read_value(const Node& node, std::filesystem::path& out, const ReadContext& context) {
  if (!node.is_scalar() || node.text.empty()) return context.fail_expecting(node, "a path");
  const auto base = node.where.file.empty() ? std::filesystem::current_path()
                                            : std::filesystem::absolute(node.where.file).parent_path();
  std::filesystem::path path;
  try {
    path = (base / typed_path(node.text)).lexically_normal();
  } catch (const Error& error) {
    return context.fail(node, error.what());
  }
  out = path.has_filename() || !path.has_relative_path() ? path : path.parent_path();
}

Node write_value(bool value) {
  return Node::scalar(value ? "true" : "false");
}

Node write_value(int64_t value) {
  return Node::scalar(std::to_string(value));
}

Node write_value(double value) {
  return Node::scalar(number_text(value));
}

Node write_value(const std::string& value) {
  return Node::scalar(value, /*quoted=*/true);
}

Node write_value(const std::filesystem::path& value) {
  return write_value(value.string());
}

void FieldReader::report_unknown(const std::vector<std::string>& also_known) const {
  auto known = names_;
  known.insert(known.end(), also_known.begin(), also_known.end());
  for (const auto& entry : section_.entries) {
    if (std::ranges::find(known, entry.key) != known.end()) continue;
    const bool is_dotted = entry.key.find('.') != std::string::npos;
    context_.problems.add(
        entry.where, dotted(context_.key, entry.key),
        is_dotted ? "dotted keys are for the command line; in a file write a map in a map" : kUnknownKey,
        nearest(entry.key, known), known_here(known));
  }
}

Node resolve_component(const Node& node, const std::vector<ComponentType>& types, const ReadContext& context,
                       const std::string& hint) {
  std::vector<std::string> names;
  for (const auto& type : types) names.push_back(type.name);
  const Node* type = type_node(node, names, context);
  if (!type) return node;

  const auto found = std::ranges::find(types, type->text, &ComponentType::name);
  if (found == types.end()) {
    const ReadContext at = type == &node ? context : context.inside("type");
    at.fail(*type, "unknown " + kind_of(context.key) + " " + shown(type->text), nearest(type->text, names),
            known_names(names) + (hint.empty() ? "" : "; " + hint));
    return node;
  }
  Node section = node;
  if (!node.is_map()) {
    section = Node::map();
    section.where = node.where;
    section["type"] = node;
  }
  Node resolved = found->resolve(section, type->text, context);
  copy_locations(section, resolved);
  return resolved;
}

const std::string& component_type(const Node& component) {
  const Node* type = component.find("type");
  if (!type)
    throw Error(ExitStatus::kFailed,
                "a component without a type reached the program; the config is not resolved");
  return type->text;
}

}  // namespace actlab
