#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/suggest.h"

namespace actlab {

// The entry of a command's table of actions (each has a `name`) that was asked for, as in `actlab COMMAND
// NAME`. Throws Error (2).
template <class Actions>
const auto& find_action(std::string_view command, const Actions& actions, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& action : actions) {
    if (action.name == name) return action;
    names.emplace_back(action.name);
  }
  throw Error(ExitStatus::kUsage, "unknown action '" + std::string(command) + " " + name + "'" +
                                      did_you_mean(name, names) + "; there are: " + join(names));
}

}  // namespace actlab
