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
#include "cli/help.h"
#include "core/suggest.h"
#include "core/text.h"
#include "core/tuning.h"

namespace actlab {
namespace {

const Flag kJson = {"json", "", "print the result as one line of JSON on stdout"};
const Flag kHelp = {"help", "", "show this help"};

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
}

// A command, or an action of one, and what it is called with.
struct Call {
  std::string name;  // "train", "data fetch"
  const Command* command;
  const Command* parent = nullptr;  // the command whose action it is
  std::vector<const char*> argv;    // the first stands for the program
};

// `what` is "command '" or "action 'data ".
const Command& find_command(const std::vector<Command>& table, const std::string& name,
                            const std::string& what) {
  const auto found = std::ranges::find(table, name, &Command::name);
  if (found != table.end()) return *found;
  const auto names = names_of(table);
  throw Error(ExitStatus::kUsage,
              "unknown " + what + name + "'" + did_you_mean(name, names) + "; there are: " + join(names));
}

bool is_flag(const std::string& argument) {
  return argument.starts_with('-');
}

bool has_flag(const Command& command, const std::string& name) {
  return std::ranges::find(command.flags, name, &Flag::name) != command.flags.end();
}

// Whether it is --NAME of a flag whose value comes next.
bool awaits_value(const Command& command, const std::string& argument) {
  return std::ranges::any_of(command.actions, [&](const Command& action) {
    return std::ranges::any_of(
        action.flags, [&](const Flag& flag) { return argument == "--" + flag.name && !flag.value.empty(); });
  });
}

// The first argument that is neither a flag nor the value of one is the action. Without one, the call is that
// of the command itself.
Call find_call(int argc, const char* const* argv) {
  const Command* command = &find_command(commands(), argv[1], "command '");
  Call call{command->name, command, nullptr, {argv + 1, argv + argc}};
  if (command->actions.empty()) return call;
  size_t place = 1;
  while (place < call.argv.size() && is_flag(call.argv[place]))
    place += awaits_value(*command, call.argv[place]) ? 2 : 1;
  if (place >= call.argv.size()) return call;
  call.parent = command;
  call.command = &find_command(command->actions, call.argv[place], "action '" + command->name + " ");
  call.name += " " + call.command->name;
  call.argv.erase(call.argv.begin() + static_cast<std::ptrdiff_t>(place));
  return call;
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

cxxopts::Options describe(const Call& call) {
  cxxopts::Options options("actlab " + call.name, call.command->summary + "\n");
  options.custom_help(call.command->arguments).positional_help("[flags]");
  for (const auto& flag : flags_of(*call.command)) {
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

std::string help_of(const Call& call, const cxxopts::Options& options) {
  const Command& command = *call.command;
  return (command.actions.empty() ? options.help({""}) : help_of_actions(command)) +
         (command.details.empty() ? "" : "\n" + command.details);
}

[[noreturn]] void reject(const Call& call, const std::string& what) {
  throw Error(ExitStatus::kUsage, what + "; see actlab " + call.name + " --help");
}

// "data info and data verify": the other actions that know the flag.
std::string owners_of(const std::string& flag, const Command& command) {
  std::vector<std::string> owners;
  for (const auto& action : command.actions) {
    if (has_flag(action, flag)) owners.push_back(command.name + " " + action.name);
  }
  return join(owners, " and ");
}

// What is wrong with the first flag that the command does not have; in cxxopts' words when none is found.
std::string unknown_flag(const Call& call, const std::string& otherwise) {
  std::vector<std::string> names;
  for (const auto& flag : flags_of(*call.command)) names.push_back("--" + flag.name);
  for (const std::string argument : call.argv) {
    if (!argument.starts_with("--") || argument.size() == 2) continue;
    const std::string name = argument.substr(0, argument.find('='));
    if (std::ranges::find(names, name) != names.end()) continue;
    const std::string owners = owners_of(name.substr(2), call.parent ? *call.parent : *call.command);
    if (!owners.empty()) return name + " belongs to " + owners + ", not to " + call.name;
    return "unknown flag '" + name + "'" + did_you_mean(name, names);
  }
  return otherwise;
}

cxxopts::ParseResult parse(const Call& call, cxxopts::Options& options) {
  try {
    return options.parse(static_cast<int>(call.argv.size()), call.argv.data());
  } catch (const cxxopts::exceptions::no_such_option& e) {
    reject(call, unknown_flag(call, e.what()));
  } catch (const cxxopts::exceptions::exception& e) {
    reject(call, e.what());
  }
}

void check_arguments(const Call& call, const std::vector<std::string>& arguments) {
  const Command& command = *call.command;
  if (!command.actions.empty())
    reject(call, call.name + ": which action? There are: " + join(names_of(command.actions)));
  if (arguments.size() < command.min_arguments)
    reject(call,
           command.missing.empty() ? "expected: " + command.arguments : call.name + ": " + command.missing);
  if (arguments.size() <= command.max_arguments) return;
  reject(call, "unexpected argument '" + arguments[command.max_arguments] + "': " + call.name + " takes " +
                   (command.max_arguments == 0 ? "none"
                                               : "at most " + std::to_string(command.max_arguments) +
                                                     "; quote what has spaces in it"));
}

Invocation take_apart(const Call& call, const cxxopts::ParseResult& parsed) {
  Invocation invocation;
  for (const auto& flag : flags_of(*call.command)) {
    if (parsed.count(flag.name) == 0) continue;
    if (parsed.count(flag.name) > 1) reject(call, "--" + flag.name + " is given more than once");
    invocation.flags[flag.name] = flag.value.empty() ? "true" : parsed[flag.name].as<std::string>();
  }
  if (parsed.count("arguments") != 0) {
    for (const auto& argument : parsed["arguments"].as<std::vector<std::string>>()) {
      const bool override = call.command->takes_overrides && is_override(argument);
      (override ? invocation.overrides : invocation.arguments).push_back(argument);
    }
  }
  check_arguments(call, invocation.arguments);
  return invocation;
}

}  // namespace

ExitStatus run_command_line(int argc, const char* const* argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (first.empty()) throw Error(ExitStatus::kUsage, "no command given; see actlab --help");
  if (first == "--help" || first == "-h" || first == "help") {
    print(overview(commands()));
    return ExitStatus::kDone;
  }
  if (first == "--version") {
    print("actlab " ACTLAB_VERSION "\n");
    return ExitStatus::kDone;
  }
  const Call call = find_call(argc, argv);
  cxxopts::Options options = describe(call);
  const auto parsed = parse(call, options);
  if (parsed.count("help") != 0) {
    print(help_of(call, options));
    return ExitStatus::kDone;
  }
  Invocation invocation = take_apart(call, parsed);
  invocation.command_line = "actlab";
  for (int i = 1; i < argc; ++i) invocation.command_line += std::string(" ") + argv[i];
  if (call.command->computes) {
    restart_for_speed(argv);
    keep_freed_memory();
  }
  return call.command->run(invocation);
}

}  // namespace actlab
