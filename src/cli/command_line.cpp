#include "cli/command_line.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string>
#include <vector>

// A comma is part of many a value (model.hidden=[64,64]), so cxxopts must not split lists there.
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <cxxopts.hpp>

#include "cli/command.h"
#include "core/suggest.h"
#include "core/tuning.h"

namespace actlab {
namespace {

const Flag kJson = {"json", "", "print the result as one line of JSON on stdout"};
const Flag kHelp = {"help", "", "show this help"};

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
}

std::string overview() {
  size_t width = 0;
  for (const auto& command : commands()) width = std::max(width, command.name.size());
  std::string text =
      "actlab: trains classifiers from a config file, swaps their activation functions by one line of it,\n"
      "evaluates saved checkpoints, and shows why an activation works or fails.\n\n"
      "Usage: actlab COMMAND [FILE] [key=value ...] [flags]\n\nCommands:\n";
  for (const auto& command : commands()) {
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

const Command& find_command(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& command : commands()) {
    if (command.name == name) return command;
    names.push_back(command.name);
  }
  throw Error(ExitStatus::kUsage,
              "unknown command '" + name + "'" + did_you_mean(name, names) + "; there are: " + join(names));
}

// key=value with a key of dotted lower-case names; anything else with a '=' in it is a file.
bool is_override(const std::string& argument) {
  const size_t equals = argument.find('=');
  if (equals == std::string::npos || argument.starts_with("./")) return false;
  return std::all_of(
      argument.begin(), argument.begin() + static_cast<std::ptrdiff_t>(equals),
      [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-'; });
}

std::vector<Flag> flags_of(const Command& command) {
  std::vector<Flag> flags = command.flags;
  flags.push_back(kJson);
  flags.push_back(kHelp);
  return flags;
}

cxxopts::Options describe(const Command& command) {
  cxxopts::Options options("actlab " + command.name, command.summary + "\n");
  options.custom_help(command.arguments).positional_help("[flags]");
  for (const auto& flag : flags_of(command)) {
    const std::string names = flag.name == "help" ? "h,help" : flag.name;
    if (flag.value.empty()) {
      options.add_options()(names, flag.help);
    } else {
      options.add_options()(names, flag.help, cxxopts::value<std::string>(), flag.value);
    }
  }
  options.add_options("hidden")("arguments", "", cxxopts::value<std::vector<std::string>>());
  options.parse_positional("arguments");
  return options;
}

[[noreturn]] void reject(const Command& command, const std::string& what) {
  throw Error(ExitStatus::kUsage, what + "; see actlab " + command.name + " --help");
}

// The given flag that the command does not have, in cxxopts' words when none is found.
std::string unknown_flag(const Command& command, int argc, const char* const* argv,
                         const std::string& otherwise) {
  std::vector<std::string> names;
  for (const auto& flag : flags_of(command)) names.push_back("--" + flag.name);
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (!argument.starts_with("--") || argument.size() == 2) continue;
    const std::string name = argument.substr(0, argument.find('='));
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return "unknown flag '" + name + "'" + did_you_mean(name, names);
  }
  return otherwise;
}

cxxopts::ParseResult parse(const Command& command, cxxopts::Options& options, int argc,
                           const char* const* argv) {
  try {
    return options.parse(argc, argv);
  } catch (const cxxopts::exceptions::no_such_option& e) {
    reject(command, unknown_flag(command, argc, argv, e.what()));
  } catch (const cxxopts::exceptions::exception& e) {
    reject(command, e.what());
  }
}

Invocation take_apart(const Command& command, const cxxopts::ParseResult& parsed) {
  Invocation invocation;
  for (const auto& flag : flags_of(command)) {
    if (parsed.count(flag.name) == 0) continue;
    if (parsed.count(flag.name) > 1) reject(command, "--" + flag.name + " is given more than once");
    invocation.flags[flag.name] = flag.value.empty() ? "true" : parsed[flag.name].as<std::string>();
  }
  if (parsed.count("arguments") != 0) {
    for (const auto& argument : parsed["arguments"].as<std::vector<std::string>>()) {
      const bool override = command.takes_overrides && is_override(argument);
      (override ? invocation.overrides : invocation.arguments).push_back(argument);
    }
  }
  if (invocation.arguments.size() < command.min_arguments) reject(command, "expected: " + command.arguments);
  if (invocation.arguments.size() > command.max_arguments) {
    reject(command, "unexpected argument '" + invocation.arguments[command.max_arguments] + "'");
  }
  return invocation;
}

}  // namespace

ExitStatus run_command_line(int argc, const char* const* argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (first.empty()) throw Error(ExitStatus::kUsage, "no command given; see actlab --help");
  if (first == "--help" || first == "-h" || first == "help") {
    print(overview());
    return ExitStatus::kDone;
  }
  if (first == "--version") {
    print("actlab " ACTLAB_VERSION "\n");
    return ExitStatus::kDone;
  }
  const Command& command = find_command(first);
  cxxopts::Options options = describe(command);
  const auto parsed = parse(command, options, argc - 1, argv + 1);
  if (parsed.count("help") != 0) {
    print(options.help({""}) + (command.details.empty() ? "" : "\n" + command.details));
    return ExitStatus::kDone;
  }
  Invocation invocation = take_apart(command, parsed);
  invocation.command_line = "actlab";
  for (int i = 1; i < argc; ++i) invocation.command_line += std::string(" ") + argv[i];
  if (command.computes) {
    restart_for_speed(argv);
    keep_freed_memory();
  }
  return command.run(invocation);
}

}  // namespace actlab
