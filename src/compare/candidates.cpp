#include "compare/candidates.h"

#include <algorithm>

#include "config/document.h"
#include "config/json.h"
#include "core/suggest.h"
#include "core/text.h"

namespace actlab {
namespace {

constexpr size_t kLongestFolder = 60;

std::string inline_text(const Node& node);

std::string joined(const Node& map, const std::string& between, const std::vector<std::string>& except = {}) {
  std::vector<std::string> parts;
  for (const auto& entry : map.entries) {
    if (std::ranges::find(except, entry.key) == except.end())
      parts.push_back(entry.key + between + inline_text(entry.value));
  }
  return join(parts);
}

std::string inline_text(const Node& node) {
  if (node.is_map()) return "{" + joined(node, ": ") + "}";
  if (!node.is_list()) return node.text;
  std::vector<std::string> parts;
  for (const auto& item : node.items) parts.push_back(inline_text(item));
  return "[" + join(parts) + "]";
}

// " with b=1, c=2" of a formula's parameters, by where they start.
std::string parameters_of(const Node& formula) {
  const Node* parameters = formula.find("parameters");
  if (parameters == nullptr || !parameters->is_map()) return "";
  std::string text;
  for (const auto& entry : parameters->entries) {
    const Node* init = entry.value.is_map() ? entry.value.find("init") : nullptr;
    text += (text.empty() ? " with " : ", ") + entry.key + "=" +
            inline_text(init != nullptr ? *init : entry.value);
  }
  return text;
}

// What the activation is called: its type, or its formula; the other keys follow.
std::string label_of(const Node& node) {
  if (node.is_list()) {
    std::vector<std::string> parts;
    for (const auto& item : node.items) parts.push_back(label_of(item));
    return "[" + join(parts) + "]";
  }
  std::string label;
  if (const Node* type = node.is_map() ? node.find("type") : nullptr) {
    const std::string others = joined(node, "=", {"type"});
    label = inline_text(*type) + (others.empty() ? "" : "(" + others + ")");
  } else if (const Node* formula = node.is_map() ? node.find("formula") : nullptr) {
    label = inline_text(*formula) + parameters_of(node);
  } else {
    label = inline_text(node);
  }
  std::ranges::replace_if(label, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return label;
}

std::string folder_of(const std::string& label) {
  std::string folder;
  for (const char c : label) {
    const bool ordinary =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (ordinary)
      folder += c;
    else if (!folder.empty() && folder.back() != '_')
      folder += '_';
  }
  folder = folder.substr(0, kLongestFolder);
  while (folder.ends_with('_')) folder.pop_back();
  return folder.empty() || folder[0] == '.' ? "activation" + folder : folder;
}

// x*x and x+x would share one.
void make_folders_unique(std::vector<Candidate>& candidates) {
  std::vector<std::string> taken;
  for (auto& candidate : candidates) {
    const std::string folder = candidate.folder;
    for (int number = 2; std::ranges::find(taken, candidate.folder) != taken.end(); ++number) {
      candidate.folder = folder + "-" + std::to_string(number);
    }
    taken.push_back(candidate.folder);
  }
}

Node parse(const std::string& text, const std::string& flag) {
  Problems problems;
  Node node = parse_yaml_value(text, problems, flag);
  problems.throw_if_any();
  return node;
}

}  // namespace

std::vector<Candidate> parse_candidates(const std::string& list) {
  const Node node = parse("[" + list + "]", "--activations");
  if (!node.is_list() || node.items.empty()) {
    throw Error(ExitStatus::kUsage,
                "--activations: name what to compare, as in relu,tanh,'{type: elu, alpha: 0.5}'");
  }
  std::vector<Candidate> candidates;
  for (const auto& item : node.items) {
    const std::string label = label_of(item);
    if (std::ranges::find(candidates, label, &Candidate::label) != candidates.end())
      throw Error(ExitStatus::kUsage, "--activations: " + label + " is named twice");
    candidates.push_back({label, to_json(item).dump(), folder_of(label)});
  }
  make_folders_unique(candidates);
  return candidates;
}

size_t find_candidate(const std::vector<Candidate>& candidates, const std::string& spec) {
  std::vector<std::string> labels;
  for (const auto& candidate : candidates) labels.push_back(candidate.label);
  auto found = std::ranges::find(labels, spec);
  if (found == labels.end()) found = std::ranges::find(labels, label_of(parse(spec, "--baseline")));
  if (found != labels.end()) return static_cast<size_t>(found - labels.begin());
  throw Error(ExitStatus::kUsage, "--baseline: '" + spec + "' is not among the activations" +
                                      did_you_mean(spec, labels) + " (" + known_names(labels) + ")");
}

}  // namespace actlab
