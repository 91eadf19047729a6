#include "cli/help.h"

#include <algorithm>

#include "core/text.h"

namespace actlab {
namespace {

// "fetch NAME [--to DIR]"
std::string usage(const Command& action) {
  std::string text = action.name + (action.arguments.empty() ? "" : " " + action.arguments);
  for (const auto& flag : action.flags)
    text += " [--" + flag.name + (flag.value.empty() ? "" : " " + flag.value) + "]";
  return text;
}

}  // namespace

std::vector<std::string> names_of(const std::vector<Command>& table) {
  std::vector<std::string> names;
  for (const auto& command : table) names.push_back(command.name);
  return names;
}

std::string overview(const std::vector<Command>& table) {
  size_t width = 0;
  for (const auto& command : table) width = std::max(width, command.name.size());
  std::string text =
      "actlab: trains classifiers from a config file, swaps their activation functions by one line of it,\n"
      "evaluates saved checkpoints, and shows why an activation works or fails.\n\n"
      "Usage: actlab COMMAND [FILE] [key=value ...] [flags]\n\nCommands:\n";
  for (const auto& command : table) {
    text += "  " + command.name + std::string(width + 2 - command.name.size(), ' ') + command.summary + "\n";
  }
  text +=
      "\nactlab COMMAND --help shows a command's flags and examples; actlab --version the version.\n\n"
      "Examples:\n"
      "  actlab train configs/mnist_cnn.yaml model.activation=elu train.epochs=1\n"
      "  actlab diagnose configs/deep_sigmoid.yaml --try\n\n"
      "Exit status: 0 done, 1 failed, 2 usage or config, 3 data, 4 diverged, 5 a threshold missed,\n"
      "130/143 stopped by SIGINT/SIGTERM after saving.\n";
  return text;
}

std::string help_of_actions(const Command& command) {
  constexpr size_t kWidth = 100;
  std::string text = command.summary + "\n\nUsage:\n  actlab " + command.name + " " +
                     join(names_of(command.actions), "|") + " ... [flags]\n\n";
  for (const auto& action : command.actions)
    text += wrapped(usage(action), kWidth, 2, 6) + wrapped(action.summary, kWidth, 6, 6);
  return text + "\nactlab " + command.name + " ACTION --help shows an action's flags and examples.\n";
}

}  // namespace actlab
