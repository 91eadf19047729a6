#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "config/document.h"
#include "core/field_rules.h"

// Options are plain structs with one line for each field:
//
//   struct AdamOptions {
//     double lr = 0.001;
//     template <class Visitor> void visit(Visitor& v) { v("lr", lr, "step size", kPositive); }
//   };
//
// Everything that needs the list of options (reading, checking, printing, help) is a visitor over that one
// list.
namespace actlab {

// Where a value stands while it is read: its dotted key for messages, and where messages go.
struct ReadContext {
  std::string key;
  Problems& problems;
  std::string alternative = {};  // a word that may stand there instead, for messages: "auto"

  void fail(const Node& node, std::string message, std::string suggestion = "",
            std::string allowed = "") const;
  // The usual message: "must be <expected>, not <what stands there>".
  void fail_expecting(const Node& node, const std::string& expected,
                      const std::vector<std::string>& names = {}) const;
  // For a name that is none of the choice's: "unknown optimizer 'adma': did you mean 'adam'? (there are:
  // ...)".
  void fail_unknown(const Node& node, const Choice& choice) const;
  ReadContext inside(const std::string& child) const { return {dotted(key, child), problems}; }
};

// One pair of overloads for each type that a field can have. A module with a field type of its own adds a
// pair in namespace actlab (found by argument-dependent lookup); on a mistake read_value reports it and
// leaves `out` alone.
void read_value(const Node& node, bool& out, const ReadContext& context);
void read_value(const Node& node, int64_t& out, const ReadContext& context, const Range& range = {});
void read_value(const Node& node, double& out, const ReadContext& context, const Range& range = {});
void read_value(const Node& node, std::string& out, const ReadContext& context);
void read_value(const Node& node, std::string& out, const ReadContext& context, const Choice& choice);
// Made absolute: relative to the file the value was written in, or to the current directory.
void read_value(const Node& node, std::filesystem::path& out, const ReadContext& context);

Node write_value(bool value);
Node write_value(int64_t value);
Node write_value(double value);  // shortest text that reads back as the same double
Node write_value(const std::string& value);
Node write_value(const std::filesystem::path& value);
Node write_value(const char* value) = delete;  // it would be taken for a bool

template <class T, class... Rule>
void read_value(const Node& node, Auto<T>& out, const ReadContext& context, const Rule&... rule) {
  if (node.is_scalar() && node.text == "auto") {
    out.value.reset();
    return;
  }
  T value{};
  const size_t before = context.problems.size();
  read_value(node, value, ReadContext{context.key, context.problems, "auto"}, rule...);
  if (context.problems.size() == before) out.value = value;
}

// One value is a list of one, where a list is asked for: `hidden: 100`.
template <class T, class... Rule>
void read_value(const Node& node, std::vector<T>& out, const ReadContext& context, const Rule&... rule) {
  std::vector<T> values;
  const size_t before = context.problems.size();
  if (node.is_list()) {
    for (size_t i = 0; i < node.items.size(); ++i) {
      if (node.items[i].is_null()) continue;
      T item{};
      read_value(node.items[i], item, context.inside(std::to_string(i)), rule...);
      values.push_back(std::move(item));
    }
  } else {
    T item{};
    read_value(node, item, context, rule...);
    values.push_back(std::move(item));
  }
  if (context.problems.size() == before) out = std::move(values);
}

template <class T>
Node write_value(const Auto<T>& value) {
  return value.value ? write_value(*value.value) : Node::scalar("auto");
}

template <class T>
Node write_value(const std::vector<T>& values) {
  Node node = Node::list();
  for (const auto& value : values) node.items.push_back(write_value(value));
  return node;
}

// An options struct may be a field of another: a map in a map.
struct AnyVisitor {
  template <class... Anything>
  void operator()(Anything&&...) {}
};

template <class T>
concept OptionStruct = requires(T options, AnyVisitor& visitor) { options.visit(visitor); };

template <OptionStruct Options>
void read_value(const Node& node, Options& out, const ReadContext& context);

template <OptionStruct Options>
Node write_value(Options options);

// Marks an option that is written only where it has been set: one that came later, so that configs without it
// are written as they always were, in checkpoints too.
struct OnlyIfSet {};
inline constexpr OnlyIfSet kOnlyIfSet{};

inline bool is_set(bool value) {
  return value;
}
template <class T>
bool is_set(const Auto<T>& value) {
  return value.value.has_value();
}

// Visitor that fills an options struct from a map; keys that no field asks for are mistakes.
class FieldReader {
 public:
  FieldReader(const Node& section, ReadContext context) : section_(section), context_(std::move(context)) {}

  template <class T, class... Rule>
  void operator()(const char* name, T& field, const char* /*help*/, const Rule&... rule) {
    names_.emplace_back(name);
    const Node* node = section_.find(name);
    // What is null has been reported.
    if (!node || node->is_null()) return;
    if constexpr ((std::is_same_v<Rule, OnlyIfSet> || ...)) {
      read_value(*node, field, context_.inside(name));
    } else {
      read_value(*node, field, context_.inside(name), rule...);
    }
  }

  // Call after the visit. `also_known` are keys that somebody else reads (`type`).
  void report_unknown(const std::vector<std::string>& also_known = {}) const;

 private:
  const Node& section_;
  ReadContext context_;
  std::vector<std::string> names_;
};

// Visitor that prints an options struct with every field, defaults included but for those marked kOnlyIfSet.
class FieldWriter {
 public:
  explicit FieldWriter(Node& out) : out_(out) {}

  template <class T, class... Rule>
  void operator()(const char* name, T& field, const char* /*help*/, const Rule&...) {
    if constexpr ((std::is_same_v<Rule, OnlyIfSet> || ...)) {
      if (!is_set(field)) return;
    }
    out_[name] = write_value(field);
  }

 private:
  Node& out_;
};

// Reads a map into options, reporting what is wrong with it. What is not a map is a mistake.
template <class Options>
void read_fields(const Node& map, Options& options, const ReadContext& context,
                 const std::vector<std::string>& also_known = {}) {
  if (!map.is_map()) return context.fail_expecting(map, "a map of keys and values");
  FieldReader reader(map, context);
  options.visit(reader);
  reader.report_unknown(also_known);
}

template <OptionStruct Options>
void read_value(const Node& node, Options& out, const ReadContext& context) {
  read_fields(node, out, context);
}

template <OptionStruct Options>
Node write_value(Options options) {
  Node node = Node::map();
  FieldWriter writer(node);
  options.visit(writer);
  return node;
}

// Reads a component's section into its options; `type` has been read by whoever chose them.
template <class Options>
Options read_options(const Node& section, const ReadContext& context) {
  Options options;
  read_fields(section, options, context, {"type"});
  return options;
}

// Reads a section that has been checked before, as those of a loaded Config are. Throws Error (2) all the
// same when it is wrong.
template <class Options>
Options read_options(const Node& section) {
  Problems problems;
  auto options = read_options<Options>(section, ReadContext{"", problems});
  problems.throw_if_any();
  return options;
}

// The section with every option of the struct spelt out; `type` first when given.
template <class Options>
Node write_options(Options options, const std::string& type = "") {
  Node node = Node::map();
  if (!type.empty()) node["type"] = Node::scalar(type);
  FieldWriter writer(node);
  options.visit(writer);
  return node;
}

// A component's row in its registry, as the config sees it: its name and how its options are completed.
struct ComponentType {
  std::string name;
  std::string help;
  // Reads the section, reports mistakes, and returns it with all defaults filled in.
  Node (*resolve)(const Node& section, const std::string& type, const ReadContext& context);
};

template <class Options>
Node resolve_options(const Node& section, const std::string& type, const ReadContext& context) {
  return write_options(read_options<Options>(section, context), type);
}

// Completes a component: a bare name, or a map with `type`. Unknown types are reported with the nearest name,
// and with `hint` beside the names there are. Values keep the place where they were written; what is added
// has none.
Node resolve_component(const Node& node, const std::vector<ComponentType>& types, const ReadContext& context,
                       const std::string& hint = "");

// The type of a resolved component. Throws Error (1) for any other node.
const std::string& component_type(const Node& component);

}  // namespace actlab
