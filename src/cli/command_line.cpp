#include "cli/command_line.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

// A comma is part of many a value (model.hidden=[64,64]), so cxxopts must not split lists there.
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <cxxopts.hpp>

#include "app/catalogue.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/slips.h"
#include "config/scalar.h"
#include "core/shell.h"
#include "core/suggest.h"
#include "core/text.h"
#include "core/tuning.h"
#include "core/typed_path.h"

namespace actlab {
namespace {

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

// `within` is "data " for an action of it.
const Command& find_command(const std::vector<Command>& table, const std::string& name,
                            const std::string& within = "") {
  const auto found = std::ranges::find(table, name, &Command::name);
  if (found != table.end()) return *found;
  const auto names = names_of(table);
  std::error_code ignored;
  const bool is_file = within.empty() && std::filesystem::exists(name, ignored);
  const std::string slip =
      is_file ? "did you mean 'actlab train " + name + "'?" : instead_of_command(name, within);
  const bool typo = slip.empty() || (!within.empty() && !nearest(name, names).empty());
  throw Error(ExitStatus::kUsage, "unknown " + std::string(within.empty() ? "command" : "action") + " '" +
                                      within + name + "'" + (typo ? did_you_mean(name, names) : ": " + slip) +
                                      " (" + known_names(names, "actlab --help") + ")");
}

bool is_flag(const std::string& argument) {
  return argument.starts_with('-');
}

std::string without_dashes(const std::string& flag) {
  return flag.substr(std::min(flag.find_first_not_of('-'), flag.size()));
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

bool asks_for_help(const std::vector<const char*>& argv) {
  return std::ranges::any_of(argv, [](const std::string& word) { return word == "--help" || word == "-h"; });
}

// The first argument that is neither a flag nor the value of one is the action. Without one, the call is that
// of the command itself.
Call find_call(int argc, const char* const* argv) {
  const Command* command = &find_command(commands(), argv[1]);
  Call call{command->name, command, nullptr, {argv + 1, argv + argc}};
  if (command->actions.empty()) return call;
  size_t place = 1;
  while (place < call.argv.size() && is_flag(call.argv[place]))
    place += awaits_value(*command, call.argv[place]) ? 2 : 1;
  const bool named = place < call.argv.size();
  if (!named && (command->usual.empty() || asks_for_help(call.argv))) return call;
  call.parent = command;
  call.command =
      &find_command(command->actions, named ? call.argv[place] : command->usual, command->name + " ");
  call.name += " " + call.command->name;
  if (named) call.argv.erase(call.argv.begin() + static_cast<std::ptrdiff_t>(place));
  return call;
}

// key=value with a key of dotted names; a file that exists, and anything else with a '=' in it, is a file.
bool is_override(const std::string& argument) {
  const size_t equals = argument.find('=');
  std::error_code ignored;
  if (equals == std::string::npos || std::filesystem::exists(argument, ignored)) return false;
  return std::all_of(
      argument.begin(), argument.begin() + static_cast<std::ptrdiff_t>(equals),
      [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-'; });
}

cxxopts::Options describe(const Call& call) {
  cxxopts::Options options("actlab " + call.name);
  for (const auto& flag : flags_of(*call.command)) {
    const std::string names = flag.name == "help" ? "h,help" : flag.name;
    if (flag.value.empty()) {
      options.add_options()(names, flag.help);
    } else {
      options.add_options()(names, flag.help, cxxopts::value<std::string>());
    }
  }
  options.add_options("hidden")("arguments", "", cxxopts::value<std::vector<std::string>>());
  options.parse_positional("arguments");
  return options;
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

// What is wrong with `typed`, a flag that the command does not have; `next` is the argument after it.
std::string unknown_flag(const Call& call, const std::string& typed, const std::string& next) {
  const size_t equals = typed.find('=');
  const std::string flag = typed.substr(0, equals);
  const std::string name = without_dashes(flag);
  const std::string value = equals != std::string::npos ? typed.substr(equals + 1)
                            : is_flag(next)             ? ""
                                                        : next;
  const std::string owners = owners_of(name, call.parent ? *call.parent : *call.command);
  if (!owners.empty()) return flag + " belongs to " + owners + ", not to " + call.name;

  std::vector<std::string> keys;
  if (call.command->takes_overrides) keys = config_keys(catalogue());
  std::string instead = instead_of_flag(name, value, keys, /*exactly=*/true);
  std::vector<std::string> names;
  for (const auto& known : flags_of(*call.command)) names.push_back("--" + known.name);
  if (instead.empty()) instead = nearest(flag, names).empty() ? "" : did_you_mean(flag, names).substr(2);
  if (instead.empty()) instead = instead_of_flag(name, value, keys, /*exactly=*/false);
  return "unknown flag '" + flag + "'" + (instead.empty() ? "" : ": " + instead);
}

[[noreturn]] void reject_empty(const Call& call, const std::string& what) {
  reject(call, what + " is empty: is a variable of your shell not set?");
}

// A flag that is known, at `place`: its value must be there and hold something, and a switch has none.
// Returns the place of the next argument.
size_t check_flag(const Call& call, const Flag& flag, size_t place) {
  const std::string typed = call.argv[place];
  const std::string name = "--" + flag.name;
  const size_t equals = typed.find('=');
  if (flag.value.empty()) {
    if (equals != std::string::npos) reject(call, name + " takes no value");
    return place + 1;
  }
  const bool joined = equals != std::string::npos;
  if (!joined && place + 1 >= call.argv.size())
    reject(call, name + " needs a value: " + name + " " + flag.value);
  const std::string value = joined ? typed.substr(equals + 1) : call.argv[place + 1];
  if (value.empty()) reject_empty(call, "the value of " + name);
  double number = 0;
  if (!joined && value.size() > 1 && is_flag(value) && parse_number(value, number) != NumberText::kGood)
    reject(call,
           name + " needs a value, and " + value + " is a flag; where it is meant: " + name + "=" + value);
  return place + (joined ? 1 : 2);
}

// Whatever cxxopts would say in its own words, and what it lets through: values that are empty.
void check_flags(const Call& call) {
  const auto flags = flags_of(*call.command);
  for (size_t place = 1; place < call.argv.size();) {
    const std::string typed = call.argv[place];
    if (typed == "--") return;
    if (typed.empty()) reject_empty(call, "an argument");
    if (!is_flag(typed) || typed == "-" || typed == "-h") {
      ++place;
      continue;
    }
    const std::string next = place + 1 < call.argv.size() ? call.argv[place + 1] : "";
    const auto flag = std::ranges::find_if(
        flags, [&](const Flag& known) { return typed.substr(0, typed.find('=')) == "--" + known.name; });
    if (flag == flags.end()) reject(call, unknown_flag(call, typed, next));
    place = check_flag(call, *flag, place);
  }
}

cxxopts::ParseResult parse(const Call& call) {
  check_flags(call);
  try {
    return describe(call).parse(static_cast<int>(call.argv.size()), call.argv.data());
  } catch (const cxxopts::exceptions::exception& e) {
    reject(call, e.what());
  }
}

void check_arguments(const Call& call, const Invocation& invocation) {
  const Command& command = *call.command;
  const auto& arguments = invocation.arguments;
  if (!command.actions.empty())
    reject(call, call.name + ": which action? There are: " + join(names_of(command.actions)));
  if (arguments.size() < command.min_arguments) {
    const std::string taken =
        invocation.overrides.empty()
            ? ""
            : "; '" + invocation.overrides[0] + "' is taken for key=value, since there is no such file";
    reject(call,
           (command.missing.empty() ? "expected: " + command.arguments : call.name + ": " + command.missing) +
               taken);
  }
  if (arguments.size() <= command.max_arguments) return;
  reject(call, "unexpected argument '" + arguments[command.max_arguments] + "': " + call.name + " takes " +
                   (command.max_arguments == 0
                        ? "none"
                        : "at most " + std::to_string(command.max_arguments) +
                              "; quote what has spaces in it, and write key=value without any"));
}

// Nothing but a path begins with a ~.
std::string with_home(const std::string& argument) {
  return argument.starts_with('~') ? typed_path(argument).string() : argument;
}

Invocation take_apart(const Call& call, const cxxopts::ParseResult& parsed) {
  Invocation invocation;
  for (const auto& flag : flags_of(*call.command)) {
    if (parsed.count(flag.name) == 0) continue;
    if (parsed.count(flag.name) > 1) reject(call, "--" + flag.name + " is given more than once");
    invocation.flags[flag.name] =
        flag.value.empty() ? "true" : with_home(parsed[flag.name].as<std::string>());
  }
  if (parsed.count("arguments") != 0) {
    for (const auto& argument : parsed["arguments"].as<std::vector<std::string>>()) {
      if (argument.empty()) reject_empty(call, "an argument");
      if (call.command->takes_overrides && is_override(argument)) {
        invocation.overrides.push_back(argument);
      } else {
        invocation.arguments.push_back(with_home(argument));
      }
    }
  }
  check_arguments(call, invocation);
  return invocation;
}

}  // namespace

ExitStatus run_command_line(int argc, const char* const* argv) {
  std::vector<const char*> words(argv, argv + argc);
  if (argc < 2) throw Error(ExitStatus::kUsage, "no command given; see actlab --help");
  std::string first = words[1];
  if (first.empty()) throw Error(ExitStatus::kUsage, "the command is empty; see actlab --help");
  if (first == "--version" || first == "version") {
    print("actlab " ACTLAB_VERSION "\n");
    return ExitStatus::kDone;
  }
  const bool help = first == "--help" || first == "-h" || first == "help";
  if (help && argc == 2) {
    print(overview(commands(), help_width()));
    return ExitStatus::kDone;
  }
  if (help) {  // help COMMAND is COMMAND --help
    words.erase(words.begin() + 1);
    words.push_back("--help");
    first = words[1];
  }
  if (is_flag(first)) {
    const std::string instead = instead_of_flag(without_dashes(first), "", {}, /*exactly=*/true);
    throw Error(ExitStatus::kUsage, "unknown flag '" + first + "'" + (instead.empty() ? "" : ": " + instead) +
                                        "; a command comes first, see actlab --help");
  }
  const Call call = find_call(static_cast<int>(words.size()), words.data());
  const auto parsed = parse(call);
  if (parsed.count("help") != 0) {
    print(help_of(*call.command, call.name, help_width()));
    return ExitStatus::kDone;
  }
  Invocation invocation = take_apart(call, parsed);
  invocation.program = argv[0];
  invocation.command_line = "actlab " + shell_text({argv + 1, argv + argc});
  if (call.command->computes) keep_freed_memory();
  return call.command->run(invocation);
}

}  // namespace actlab
