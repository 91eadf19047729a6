#pragma once

#include <nlohmann/json.hpp>

#include "config/document.h"

namespace actlab {

// Numbers and booleans that stand without quotes become JSON's; all other scalars are strings. Keys keep
// their order.
nlohmann::ordered_json to_json(const Node& node);

// The array of `config check --json`: {file, line, column, key, message, suggestion}, in the order of
// sorted(). `file` is "command line", with line and column 0, for an override.
nlohmann::ordered_json to_json(const Problems& problems);

}  // namespace actlab
