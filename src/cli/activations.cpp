#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "activation/table.h"
#include "app/activation_card.h"
#include "app/activation_plot.h"
#include "cli/action.h"
#include "cli/command.h"
#include "cli/print.h"
#include "core/file.h"
#include "core/suggest.h"
#include "plot/ascii.h"

namespace actlab {
namespace {

using Json = nlohmann::ordered_json;

std::string parameters_text(const ActivationInfo& info) {
  std::vector<std::string> texts;
  for (const auto& parameter : info.parameters) {
    char value[32];
    std::snprintf(value, sizeof value, "%.4g", parameter.value);
    texts.push_back(parameter.name + "=" + value + (parameter.learned() ? " (learned)" : ""));
  }
  return join(texts);
}

void print_table() {
  std::printf("%-15s %-46s %s\n", "name", "parameters", "formula");
  for (const auto& info : activation_table()) {
    std::printf("%-15s %-46s %s\n", info.name.c_str(), parameters_text(info).c_str(), info.formula.c_str());
  }
}

// A section a row, as docs/activations.md has them.
void print_markdown() {
  for (const auto& info : activation_table()) {
    std::printf("### %s\n\n", info.name.c_str());
    std::printf("- function: `%s`\n- derivative: `%s`\n", info.formula.c_str(), info.derivative.c_str());
    std::printf("- range: %s\n", info.range.c_str());
    for (const auto& parameter : info.parameters) {
      std::printf("- parameter `%s`: default %.6g, %s%s\n", parameter.name.c_str(), parameter.value,
                  parameter.range.text().c_str(),
                  parameter.learned() ? (", learned as `" + parameter.weight + "`").c_str() : "");
    }
    if (!info.note.empty()) std::printf("- %s\n", info.note.c_str());
    if (!info.source.empty()) std::printf("- source: %s\n", info.source.c_str());
    std::printf("\n");
  }
}

ExitStatus list_activations(const Invocation& invocation, const std::vector<ActivationSpec>&) {
  if (invocation.json()) {
    Json rows = Json::array();
    for (const auto& info : activation_table()) rows.push_back(to_json(info));
    print_json(rows);
  } else if (invocation.has("markdown")) {
    print_markdown();
  } else {
    print_table();
  }
  return ExitStatus::kDone;
}

ExitStatus show_activation(const Invocation& invocation, const std::vector<ActivationSpec>& specs) {
  const ActivationCard card = make_activation_card(specs[0]);
  if (invocation.json()) {
    print_json(to_json(card));
  } else {
    print_activation_card(card);
  }
  return ExitStatus::kDone;
}

double number_flag(const Invocation& invocation, const std::string& flag, double otherwise) {
  constexpr double kLargest = 1e6;
  if (!invocation.has(flag)) return otherwise;
  const std::string text = invocation.value(flag);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && std::abs(value) <= kLargest) return value;
  throw Error(ExitStatus::kUsage,
              "--" + flag + ": must be a number in [-1000000, 1000000], not '" + text + "'");
}

std::filesystem::path plot_file(const Invocation& invocation, const std::vector<ActivationSpec>& specs) {
  const std::string usual = specs.size() == 1 ? specs[0].type + ".svg" : "activations.svg";
  return std::filesystem::absolute(invocation.value("out", usual)).lexically_normal();
}

ExitStatus plot_activations(const Invocation& invocation, const std::vector<ActivationSpec>& specs) {
  const double from = number_flag(invocation, "from", -8);
  const double to = number_flag(invocation, "to", 8);
  if (!(from < to)) throw Error(ExitStatus::kUsage, "--from must be below --to");
  const bool ascii = invocation.has("ascii");
  if (ascii && invocation.json()) {
    throw Error(ExitStatus::kUsage,
                "--ascii draws for people and --json prints for programs; give one of them");
  }
  if (ascii) std::fputs(ascii_plot(activation_series(specs, from, to)).c_str(), stdout);
  if (ascii && !invocation.has("out")) return ExitStatus::kDone;
  const auto file = plot_file(invocation, specs);
  write_file_atomically(file, activation_svg(specs, from, to));
  if (invocation.json()) {
    print_json({{"file", file.string()}});
  } else {
    std::printf("%s\n", file.c_str());
  }
  return ExitStatus::kDone;
}

struct ActivationsAction {
  std::string name;
  size_t min_specs;
  size_t max_specs;
  std::vector<std::string> flags;
  ExitStatus (*run)(const Invocation& invocation, const std::vector<ActivationSpec>& specs);
};

constexpr size_t kMaxPlots = 8;  // as many colours as there are

const std::vector<ActivationsAction>& activations_actions() {
  static const std::vector<ActivationsAction> table = {
      {"list", 0, 0, {"markdown"}, list_activations},
      {"show", 1, 1, {}, show_activation},
      {"plot", 1, kMaxPlots, {"out", "ascii", "from", "to"}, plot_activations}};
  return table;
}

void check_flags(const ActivationsAction& action, const Invocation& invocation) {
  for (const auto& [flag, value] : invocation.flags) {
    if (flag == "json" || std::ranges::find(action.flags, flag) != action.flags.end()) continue;
    throw Error(ExitStatus::kUsage, "activations " + action.name + " takes no --" + flag);
  }
}

ExitStatus run_activations(const Invocation& invocation) {
  const ActivationsAction& action =
      find_action("activations", activations_actions(), invocation.arguments.front());
  check_flags(action, invocation);
  const size_t given = invocation.arguments.size() - 1;
  if (given < action.min_specs) {
    throw Error(ExitStatus::kUsage,
                "activations " + action.name + ": which? As in: actlab activations " + action.name + " gelu");
  }
  if (given > action.max_specs) {
    throw Error(ExitStatus::kUsage, "activations " + action.name + " takes at most " +
                                        std::to_string(action.max_specs) + "; quote what has spaces in it");
  }
  std::vector<ActivationSpec> specs;
  for (size_t i = 1; i <= given; ++i) specs.push_back(parse_activation_spec(invocation.arguments[i]));
  return action.run(invocation, specs);
}

}  // namespace

Command activations_command() {
  return {
      .name = "activations",
      .arguments = "list | show SPEC | plot SPEC...",
      .summary = "the activation functions: what there is, what each does, how it looks",
      .details =
          "list  every activation with its parameters and its formula\n"
          "show  formula, derivative, range, limits, steepest point, moments under N(0, 1), gain, source, "
          "and "
          "the time\n"
          "      an element takes on this machine\n"
          "plot  functions (solid) and derivatives (dashed) as an SVG file, or in the terminal\n"
          "\n"
          "SPEC is what model.activation takes: a name, parameters, or a formula.\n"
          "\n"
          "Examples:\n"
          "  actlab activations show gelu\n"
          "  actlab activations show '{type: elu, alpha: 0.5}' --json\n"
          "  actlab activations show 'formula: x * sigmoid(1.702 * x)'\n"
          "  actlab activations plot relu gelu 'formula: x * tanh(x)' --out three.svg\n"
          "  actlab activations plot mish --ascii --from=-4 --to=4\n",
      .min_arguments = 1,
      .max_arguments = 1 + kMaxPlots,
      .computes = true,
      .flags = {{"out", "FILE", "plot: the SVG file (default: the name, or activations.svg)"},
                {"ascii", "", "plot: draw in the terminal"},
                {"from", "X", "plot: where x begins (default -8)"},
                {"to", "X", "plot: where x ends (default 8)"},
                {"markdown", "", "list: as docs/activations.md has it"}},
      .run = run_activations,
  };
}

}  // namespace actlab
