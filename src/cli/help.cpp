#include "cli/help.h"

#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "core/terminal.h"
#include "core/text.h"

namespace actlab {
namespace {

constexpr size_t kWidest = 100;

// "fetch NAME [--to DIR]"
std::string usage(const Command& action) {
  std::string text = action.name + (action.arguments.empty() ? "" : " " + action.arguments);
  for (const auto& flag : action.flags)
    text += " [--" + flag.name + (flag.value.empty() ? "" : " " + flag.value) + "]";
  return text;
}

// The words of a command line as they are written, quotes and all.
std::vector<std::string> quoted_words(const std::string& line) {
  std::vector<std::string> words(1);
  bool quoted = false;
  for (const char c : line) {
    quoted = quoted != (c == '\'');
    if (c == ' ' && !quoted) {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string broken_command(const std::string& line, size_t width) {
  std::string done;
  std::string now = " ";
  for (const auto& word : quoted_words(line)) {
    if (length_of(now) + 3 + length_of(word) > width && !now.ends_with("    ") && now != " ") {
      done += now + " \\\n";
      now = "     ";
    }
    now += " " + word;
  }
  return done + now + "\n";
}

std::string indented_line(const std::string& line, size_t width) {
  if (length_of(line) <= width) return line + "\n";
  const size_t start = line.find_first_not_of(' ');
  const std::string words = line.substr(start);
  // What explains a command stands beside it, after several spaces.
  if (words.starts_with("actlab ") && words.find("   ") == std::string::npos)
    return broken_command(line, width);
  return wrapped(words, width, start, start + 4);
}

// Two columns: the flag, and what it does.
std::string flag_lines(const Command& command, size_t width) {
  constexpr size_t kLongest = 26;  // a longer flag has its text below it
  std::vector<std::pair<std::string, std::string>> rows;
  size_t column = 0;
  for (const auto& flag : flags_of(command)) {
    std::string name = (flag.name == "help" ? "  -h, --" : "      --") + flag.name;
    if (!flag.value.empty()) name += " " + flag.value;
    if (name.size() <= kLongest) column = std::max(column, name.size() + 2);
    rows.emplace_back(std::move(name), flag.help);
  }
  std::string text;
  for (const auto& [name, help] : rows) {
    const std::string lines = wrapped(help, std::max(width, column + 20), column, column);
    text += name.size() + 2 > column ? name + "\n" + lines : name + lines.substr(name.size());
  }
  return text;
}

}  // namespace

std::vector<std::string> names_of(const std::vector<Command>& table) {
  std::vector<std::string> names;
  for (const auto& command : table) names.push_back(command.name);
  return names;
}

std::vector<Flag> flags_of(const Command& command) {
  std::vector<Flag> flags = command.flags;
  flags.push_back({"json", "", "print the result as one line of JSON on stdout"});
  flags.push_back({"help", "", "show this help"});
  return flags;
}

size_t help_width() {
  const int width = terminal_width(STDOUT_FILENO, kWidest);
  return std::clamp<size_t>(static_cast<size_t>(width), 40, kWidest);
}

std::string laid_out(const std::string& text, size_t width) {
  std::istringstream lines(text);
  std::string done;
  std::string paragraph;
  const auto finish = [&] {
    if (!paragraph.empty()) done += wrapped(paragraph, width, 0, 0);
    paragraph.clear();
  };
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line[0] != ' ') {
      paragraph += line + " ";
      continue;
    }
    finish();
    done += line.empty() ? "\n" : indented_line(line, width);
  }
  finish();
  return done;
}

std::string overview(const std::vector<Command>& table, size_t width) {
  size_t column = 0;
  for (const auto& command : table) column = std::max(column, command.name.size() + 4);
  std::string text = laid_out(
      "actlab: trains classifiers from a config file, swaps their activation functions by one line of it,\n"
      "evaluates saved checkpoints, and shows why an activation works or fails.\n\n"
      "Usage: actlab COMMAND [FILE] [key=value ...] [flags]\n\nCommands:\n",
      width);
  for (const auto& command : table) {
    const std::string lines = wrapped(command.summary, width, column, column);
    text += "  " + command.name + lines.substr(2 + command.name.size());
  }
  return text +
         laid_out(
             "\nactlab COMMAND --help shows a command's flags and examples; actlab --version the version.\n\n"
             "Examples:\n"
             "  actlab train configs/mnist_cnn.yaml model.activation=elu train.epochs=1\n"
             "  actlab diagnose configs/deep_sigmoid.yaml --try\n\n"
             "Exit status: 0 done, 1 failed, 2 usage or config, 3 data, 4 diverged, 5 a threshold missed,\n"
             "130/143 stopped by SIGINT/SIGTERM after saving.\n",
             width);
}

std::string help_of(const Command& command, const std::string& name, size_t width) {
  std::string text = wrapped(command.summary, width, 0, 0) + "\nUsage:\n";
  if (command.actions.empty()) {
    const std::string arguments = command.arguments.empty() ? "" : " " + command.arguments;
    text +=
        wrapped("actlab " + name + arguments + " [flags]", width, 2, 6) + "\n" + flag_lines(command, width);
  } else {
    text +=
        wrapped("actlab " + name + " " + join(names_of(command.actions), "|") + " ... [flags]", width, 2, 6) +
        "\n";
    for (const auto& action : command.actions)
      text += wrapped(usage(action), width, 2, 6) + wrapped(action.summary, width, 6, 6);
    text += "\n" +
            wrapped("actlab " + name + " ACTION --help shows an action's flags and examples.", width, 0, 0);
  }
  return text + (command.details.empty() ? "" : "\n" + laid_out(command.details, width));
}

}  // namespace actlab
