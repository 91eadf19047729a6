#include "config/config.h"

#include <array>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/catalogue.h"
#include "cli/action.h"
#include "cli/command.h"
#include "cli/print.h"
#include "config/emit.h"
#include "config/json.h"

namespace actlab {
namespace {

using Json = nlohmann::ordered_json;

ExitStatus report(const Problems& problems, const std::string& file) {
  const std::string count =
      std::to_string(problems.size()) + (problems.size() == 1 ? " mistake" : " mistakes");
  std::cerr << problems.text() << '\n' << count << " in " << file << '\n';
  return ExitStatus::kUsage;
}

ExitStatus check_config_file(const Config&, const Problems& problems, const std::string& file, bool json) {
  if (json) {
    print_json({{"ok", problems.empty()}, {"errors", to_json(problems)}});
    return problems.empty() ? ExitStatus::kDone : ExitStatus::kUsage;
  }
  if (!problems.empty()) return report(problems, file);
  std::cout << file << ": ok\n";
  return ExitStatus::kDone;
}

ExitStatus show_config(const Config& config, const Problems& problems, const std::string& file, bool json) {
  if (!problems.empty()) return report(problems, file);
  if (json) {
    print_json(to_json(to_node(config)));
  } else {
    std::cout << to_yaml(to_node(config));
  }
  return ExitStatus::kDone;
}

struct ConfigAction {
  const char* name;
  ExitStatus (*run)(const Config& config, const Problems& problems, const std::string& file, bool json);
};

constexpr std::array kConfigActions = {ConfigAction{"check", check_config_file},
                                       ConfigAction{"show", show_config}};

ExitStatus run_config(const Invocation& invocation) {
  const ConfigAction& action = find_action("config", kConfigActions, invocation.arguments.front());
  if (invocation.arguments.size() < 2) {
    throw Error(ExitStatus::kUsage, "config " + std::string(action.name) +
                                        ": which file? As in: actlab config " + action.name +
                                        " configs/mnist_binary.yaml");
  }
  const std::string& file = invocation.arguments[1];
  Problems problems;
  const Config config = load_checked_config(file, invocation.overrides, problems);
  return action.run(config, problems, file, invocation.json());
}

}  // namespace

Command config_command() {
  return {
      .name = "config",
      .arguments = "check|show CONFIG [key=value ...]",
      .summary = "check a config file, or show it with every default filled in",
      .details =
          "check  reads the config and no data; lists every mistake with its line; exit status 2 when there "
          "are any\n"
          "show   the config that a run would use: after `extends`, key=value and the environment, defaults "
          "filled in\n"
          "\n"
          "Examples:\n"
          "  actlab config check configs/mnist_binary.yaml\n"
          "  actlab config show configs/mnist_cnn.yaml model.activation='{type: elu, alpha: 0.5}'\n",
      .min_arguments = 1,
      .max_arguments = 2,
      .takes_overrides = true,
      .flags = {},
      .run = run_config,
  };
}

}  // namespace actlab
