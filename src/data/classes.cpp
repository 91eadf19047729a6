#include "data/classes.h"

#include <algorithm>

namespace actlab {
namespace {

bool is_plain(const std::string& name) {
  constexpr size_t kLongest = 100;
  return !name.empty() && name.size() <= kLongest &&
         std::ranges::none_of(name, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

}  // namespace

void read_names(const Node& node, std::vector<std::string>& out, const ReadContext& context) {
  std::vector<std::string> names;
  const size_t before = context.problems.size();
  for (size_t i = 0; i < node.items.size(); ++i) {
    const Node& item = node.items[i];
    const ReadContext inside = context.inside(std::to_string(i));
    // A name may look like a number.
    if (!item.is_scalar() || !is_plain(item.text)) {
      inside.fail_expecting(item, "a name of 1 to 100 bytes without line breaks");
    } else if (std::ranges::find(names, item.text) != names.end()) {
      inside.fail(item, "'" + item.text + "' is the name of two classes");
    }
    names.push_back(item.text);
  }
  if (context.problems.size() == before) out = std::move(names);
}

void read_value(const Node& node, Classes& out, const ReadContext& context, const Range& range) {
  if (!node.is_list()) {
    out.names.clear();
    return read_value(node, static_cast<Auto<int64_t>&>(out), context, range);
  }
  const size_t before = context.problems.size();
  Classes classes;
  read_names(node, classes.names, context);
  classes.value = std::ssize(node.items);
  if (!range.contains(static_cast<double>(*classes.value)))
    context.fail(node, "the number of names must be " + range.text());
  if (context.problems.size() == before) out = std::move(classes);
}

Node write_value(const Classes& value) {
  if (value.names.empty()) return write_value(static_cast<const Auto<int64_t>&>(value));
  Node list = Node::list();
  for (const auto& name : value.names) list.items.push_back(Node::scalar(name, /*quoted=*/true));
  return list;
}

}  // namespace actlab
