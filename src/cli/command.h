#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/error.h"

namespace actlab {

// One --flag of a command.
struct Flag {
  std::string name;   // without the dashes
  std::string value;  // what stands for its value in the help, as "PATH"; empty for a switch
  std::string help;
};

// A command line taken apart: actlab COMMAND [ACTION] [FILE ...] [key=value ...] [flags].
struct Invocation {
  std::vector<std::string> arguments;        // what is neither flag nor key=value, after command and action
  std::vector<std::string> overrides;        // key=value, in order
  std::map<std::string, std::string> flags;  // given flags; a switch has the value "true"
  std::string command_line;                  // as a shell takes it, for run.json
  std::string program = "actlab";            // as it was called

  bool has(const std::string& flag) const { return flags.contains(flag); }
  bool json() const { return has("json"); }
  std::string value(const std::string& flag, const std::string& otherwise = "") const {
    const auto found = flags.find(flag);
    return found == flags.end() ? otherwise : found->second;
  }
  // A number from `least` to `most`, or `otherwise` when the flag was not given. Throws Error (2).
  int64_t whole_number(const std::string& flag, int64_t otherwise, int64_t least, int64_t most) const;
  double number(const std::string& flag, double otherwise, double least, double most) const;
};

// A row of the table in commands.cpp, each with one file in this folder, or an action of such a command, as
// `fetch` in `actlab data fetch NAME`. A command with actions has nothing beside name, summary and details:
// arguments, flags and `run` are the actions'.
struct Command {
  std::string name;
  std::string arguments = {};  // "CONFIG [key=value ...]"
  std::string summary = {};    // one line
  std::string details = {};    // further help, examples; may be empty
  std::string missing =
      {};  // said when arguments are missing: "which file? As in: ..."; empty: what is expected
  size_t min_arguments = 0;
  size_t max_arguments = 0;
  bool takes_overrides = false;
  bool computes = false;         // runs a model, so memory is asked for again and again
  std::vector<Flag> flags = {};  // beside --json and --help, which all commands have
  ExitStatus (*run)(const Invocation& invocation) = nullptr;
  std::vector<Command> actions = {};
  std::string usual = {};  // the action that is run where none is named; empty: one must be
};

Command train_command();
Command evaluate_command();
Command predict_command();
Command report_command();
Command diagnose_command();
Command compare_command();
Command activations_command();
Command lesson_command();
Command config_command();
Command data_command();
Command info_command();

// In the order of the help.
const std::vector<Command>& commands();

}  // namespace actlab
