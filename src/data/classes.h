#pragma once

#include <string>
#include <vector>

#include "config/fields.h"

namespace actlab {

// The option `classes`: `auto`, how many there are, or what they are called: [T-shirt, trouser, ...].
struct Classes : Auto<int64_t> {
  std::vector<std::string> names;  // one a class, `value` of them; empty where they have none

  Classes() = default;
  explicit(false) Classes(int64_t count) : Auto{count} {}
  explicit Classes(std::vector<std::string> all) : Auto{std::ssize(all)}, names(std::move(all)) {}
  bool operator==(const Classes&) const = default;
};

void read_value(const Node& node, Classes& out, const ReadContext& context, const Range& range = {});
Node write_value(const Classes& value);

// Names that stand for classes, for output of one line each: they differ, and hold no tab or line break.
// Reports what is wrong with them.
void read_names(const Node& node, std::vector<std::string>& out, const ReadContext& context);

}  // namespace actlab
