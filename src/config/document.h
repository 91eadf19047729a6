#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "config/node.h"
#include "config/problems.h"

namespace actlab {

// Limits on what is read from outside, checked while the YAML is scanned, before a tree is built.
inline constexpr size_t kMaxConfigBytes = 1 << 20;
inline constexpr int kMaxConfigDepth = 64;
inline constexpr int kMaxConfigNodes = 10'000;            // keys and values
inline constexpr size_t kMaxConfigSilentBytes = 1 << 16;  // text without a single value in it
inline constexpr size_t kMaxConfigKeyBytes = 100;
inline constexpr size_t kMaxConfigMistakes = 100;  // then the rest of the text is not read

// Parses one YAML document whose root is a map. Syntax errors, tags, anchors, aliases, directives, duplicate
// and non-scalar keys, keys without a value, an empty text, several documents, and anything over the limits
// are added to `problems`. The result is null when the syntax itself is wrong or a limit is exceeded;
// otherwise it is what the text says without its mistakes (with null nodes where a value is missing), so that
// it can be checked further. `name` is what locations show.
Node parse_yaml(std::string_view text, const std::string& name, Problems& problems);

// The same for a value of any kind, as in key=value on the command line. There what is typed arrives whole or
// is refused: a plain text keeps its '#' and its spaces, and a comment beside anything else is a mistake, as
// is a list that ends with a comma.
Node parse_yaml_value(std::string_view text, Problems& problems, const std::string& key);

}  // namespace actlab
