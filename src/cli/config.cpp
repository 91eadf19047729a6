#include "config/config.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "app/catalogue.h"
#include "app/idle_options.h"
#include "cli/command.h"
#include "cli/print.h"
#include "config/emit.h"
#include "config/json.h"
#include "core/error.h"
#include "core/log.h"
#include "lesson/lesson.h"

namespace actlab {
namespace {

void print_mistakes(const Problems& problems, const std::string& file) {
  std::fprintf(stderr, "%s\n%zu %s in %s\n", problems.text().c_str(), problems.size(),
               problems.size() == 1 ? "mistake" : "mistakes", file.c_str());
}

// A lesson with all its networks.
void check_lesson(const std::string& file, const std::vector<std::string>& overrides, Problems& problems) {
  const Lesson lesson = load_lesson(file, overrides, problems);
  if (!problems.empty()) return;
  for (const auto& network : lesson.networks) check_model(network.config, problems);
}

ExitStatus check_config(const Invocation& invocation) {
  const std::string& file = invocation.arguments.front();
  Problems problems;
  std::vector<std::string> idle;
  if (is_lesson(file)) {
    check_lesson(file, invocation.overrides, problems);
  } else {
    const Config config = load_any_config(file, invocation.overrides, problems);
    if (problems.empty()) idle = idle_options(config);
  }
  if (invocation.json()) {
    print_json({{"ok", problems.empty()}, {"errors", to_json(problems)}, {"warnings", idle}});
  } else if (problems.empty()) {
    for (const auto& warning : idle) log_warning(warning);
    std::printf("%s: ok\n", file.c_str());
  } else {
    print_mistakes(problems, file);
  }
  return problems.empty() ? ExitStatus::kDone : ExitStatus::kUsage;
}

ExitStatus show_config(const Invocation& invocation) {
  const std::string& file = invocation.arguments.front();
  if (is_lesson(file)) {
    throw Error(ExitStatus::kUsage,
                file + " is a lesson, which describes no single training; `actlab config check " + file +
                    "` checks it, `actlab lesson run " + file + "` runs it");
  }
  Problems problems;
  const Config config = load_any_config(file, invocation.overrides, problems);
  if (!problems.empty()) {
    print_mistakes(problems, file);
    return ExitStatus::kUsage;
  }
  if (invocation.json()) {
    print_json(to_json(to_node(config)));
  } else {
    std::printf("%s", to_yaml(to_node(config)).c_str());
  }
  return ExitStatus::kDone;
}

Command config_action(const std::string& name, const std::string& summary, const std::string& details,
                      ExitStatus (*run)(const Invocation& invocation)) {
  return {.name = name,
          .arguments = "CONFIG|CHECKPOINT|RUN [key=value ...]",
          .summary = summary,
          .details = details,
          .missing = "which file? As in: actlab config " + name + " configs/mnist_binary.yaml",
          .min_arguments = 1,
          .max_arguments = 1,
          .takes_overrides = true,
          .run = run};
}

}  // namespace

Command config_command() {
  return {
      .name = "config",
      .summary = "check a config file, or show it with every default filled in",
      .actions = {
          config_action(
              "check", "read the config and no data, and list every mistake with its line",
              "A file of a lesson is checked with all its networks. Options that have no effect are warned\n"
              "of. Exit status 2 when there are mistakes.\n\n"
              "Example:\n"
              "  actlab config check configs/mnist_binary.yaml\n",
              check_config),
          config_action(
              "show", "the config that a run would use: after `extends`, key=value and the environment",
              "Every default is filled in, and paths are absolute.\n\n"
              "Example:\n"
              "  actlab config show configs/mnist_cnn.yaml model.activation='{type: elu, alpha: 0.5}'\n",
              show_config)}};
}

}  // namespace actlab
