#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "activation/table.h"
#include "app/activation_card.h"
#include "app/activation_plot.h"
#include "cli/command.h"
#include "cli/print.h"
#include "core/file.h"
#include "core/terminal.h"
#include "core/text.h"

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

ExitStatus list_activations(const Invocation& invocation) {
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

ExitStatus show_activation(const Invocation& invocation) {
  const ActivationCard card = make_activation_card(parse_activation_spec(invocation.arguments[0]));
  if (invocation.json()) {
    print_json(to_json(card));
  } else {
    std::fputs(to_text(card).c_str(), stdout);
  }
  return ExitStatus::kDone;
}

std::filesystem::path plot_file(const Invocation& invocation, const std::vector<ActivationSpec>& specs) {
  const std::string usual = specs.size() == 1 ? specs[0].type + ".svg" : "activations.svg";
  return std::filesystem::absolute(invocation.value("out", usual)).lexically_normal();
}

ExitStatus plot_activations(const Invocation& invocation) {
  constexpr double kFarthest = 1e6;
  std::vector<ActivationSpec> specs;
  for (const auto& text : invocation.arguments) specs.push_back(parse_activation_spec(text));
  const double from = invocation.number("from", -4, -kFarthest, kFarthest);
  const double to = invocation.number("to", 4, -kFarthest, kFarthest);
  if (!(from < to)) throw Error(ExitStatus::kUsage, "--from must be below --to");
  const bool ascii = invocation.has("ascii");
  if (ascii && invocation.json()) {
    throw Error(ExitStatus::kUsage,
                "--ascii draws for people and --json prints for programs; give one of them");
  }
  if (ascii) std::fputs(activation_text(specs, from, to, has_color(STDOUT_FILENO)).c_str(), stdout);
  if (ascii && !invocation.has("out")) return ExitStatus::kDone;
  const auto file = plot_file(invocation, specs);
  write_named_file(file, activation_svg(specs, from, to));
  if (invocation.json()) {
    print_json({{"file", file.string()}});
  } else {
    std::printf("%s\n", file.c_str());
  }
  return ExitStatus::kDone;
}

Command list_action() {
  return {.name = "list",
          .summary = "every activation with its parameters and its formula",
          .flags = {{"markdown", "", "as docs/activations.md has it"}},
          .run = list_activations};
}

constexpr const char* kSpec = "SPEC is what model.activation takes: a name, parameters, or a formula.\n\n";

Command show_action() {
  return {
      .name = "show",
      .arguments = "SPEC",
      .summary =
          "formula, derivative, range, moments under N(0, 1), gain, source, and the time an element takes",
      .details = kSpec + std::string("Examples:\n"
                                     "  actlab activations show gelu\n"
                                     "  actlab activations show '{type: elu, alpha: 0.5}' --json\n"
                                     "  actlab activations show 'formula: x * sigmoid(1.702 * x)'\n"),
      .missing = "which? As in: actlab activations show gelu",
      .min_arguments = 1,
      .max_arguments = 1,
      .computes = true,
      .run = show_activation};
}

Command plot_action() {
  constexpr size_t kMaxPlots = 8;  // as many colours as there are
  return {
      .name = "plot",
      .arguments = "SPEC...",
      .summary = "functions and their derivatives, side by side, as an SVG file or in the terminal",
      .details =
          kSpec + std::string("Examples:\n"
                              "  actlab activations plot relu gelu 'formula: x * tanh(x)' --out three.svg\n"
                              "  actlab activations plot mish --ascii --from=-8 --to=8\n"),
      .missing = "which? As in: actlab activations plot gelu",
      .min_arguments = 1,
      .max_arguments = kMaxPlots,
      .computes = true,
      .flags = {{"out", "FILE", "the SVG file (default: the name, or activations.svg)"},
                {"ascii", "", "draw in the terminal"},
                {"from", "X", "where x begins (default -4)"},
                {"to", "X", "where x ends (default 4)"}},
      .run = plot_activations};
}

}  // namespace

Command activations_command() {
  return {.name = "activations",
          .summary = "the activation functions: what there is, what each does, how it looks",
          .actions = {list_action(), show_action(), plot_action()},
          .usual = "list"};
}

}  // namespace actlab
