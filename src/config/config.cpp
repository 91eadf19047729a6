#include "config/config.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "config/environment.h"
#include "config/extends.h"
#include "config/merge.h"
#include "config/scalar.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

// The order in which people write and read a config.
constexpr std::array kOrder = {"seed",      "device",   "threads", "data",       "model",    "loss",
                               "optimizer", "schedule", "train",   "checkpoint", "diagnose", "run"};

Node& component(Config& config, const std::string& name) {
  if (name == "data") return config.data;
  if (name == "model") return config.model;
  if (name == "loss") return config.loss;
  if (name == "optimizer") return config.optimizer;
  if (name == "schedule") return config.schedule;
  throw Error(ExitStatus::kFailed, "a config has no section '" + name + "'");
}

// A section that is not written is its default type; neither is one that names only options of it.
Node with_default_type(const Node* written, const ComponentSection& section) {
  Node node = written ? *written : Node::map();
  if (!node.is_map() || node.find("type") || section.default_type.empty()) return node;
  node.entries.insert(node.entries.begin(), {"type", Node::scalar(section.default_type), node.where});
  return node;
}

void read_component(const Node& root, const ComponentSection& section, const Location& whole_file,
                    Config& config, Problems& problems) {
  const Node* written = root.find(section.name);
  if (written && written->is_null()) return;
  if (!written && section.default_type.empty()) {
    std::vector<std::string> names;
    for (const auto& type : section.types) names.push_back(type.name);
    return problems.add(whole_file, section.name, "is missing; give it a `type`, one of: " + join(names));
  }
  component(config, section.name) = resolve_component(with_default_type(written, section), section.types,
                                                      ReadContext{section.name, problems});
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void check_device(const Node& root, const Config& config, Problems& problems) {
  const std::string& device = config.device;
  const bool indexed = device.starts_with("cuda:") && is_digits(device.substr(5)) && device.size() <= 8;
  if (indexed || device == "auto" || device == "cpu" || device == "cuda") return;
  ReadContext{"device", problems}.fail_expecting(*root.find("device"), "auto, cpu, cuda or cuda:N",
                                                 {"auto", "cpu", "cuda"});
}

// It becomes the name of a folder.
void check_run_name(const Node& root, const Config& config, Problems& problems) {
  constexpr size_t kLongest = 100;
  const std::string& name = config.run.name;
  const bool ordinary = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
  if (ordinary && !name.empty() && name[0] != '.' && name.size() <= kLongest) return;
  ReadContext{"run.name", problems}.fail_expecting(
      *root.find("run")->find("name"), "1 to 100 letters, digits, '.', '_' or '-' (and no '.' in front)");
}

Config read_config(const Node& root, const Location& whole_file,
                   const std::vector<ComponentSection>& sections, Problems& problems) {
  Config config;
  config.run.root = (fs::current_path() / config.run.root).lexically_normal();
  FieldReader reader(root, ReadContext{"", problems});
  config.visit(reader);
  std::vector<std::string> names;
  for (const auto& section : sections) {
    names.push_back(section.name);
    read_component(root, section, whole_file, config, problems);
  }
  reader.report_unknown(names);
  check_device(root, config, problems);
  check_run_name(root, config, problems);
  return config;
}

}  // namespace

void read_value(const Node& node, ClipOptions& out, const ReadContext& context) {
  ClipOptions clip;
  read_fields(node, clip, context);
  if (clip.norm > 0 && clip.value > 0) return context.fail(node, "clip by `norm` or by `value`, not both");
  out = clip;
}

void read_value(const Node& node, Interval& out, const ReadContext& context) {
  Interval interval;
  const size_t before = context.problems.size();
  read_fields(node, interval, context);
  if (context.problems.size() != before) return;
  const bool by_epochs = node.find("epochs") != nullptr;
  const bool by_steps = node.find("steps") != nullptr;
  if (by_epochs == by_steps) return context.fail(node, "give one of: {epochs: N}, {steps: N}");
  if (by_steps) interval.epochs = 0;
  out = interval;
}

Node write_value(const Interval& value) {
  Node node = Node::map();
  if (value.steps > 0) {
    node["steps"] = write_value(value.steps);
  } else {
    node["epochs"] = write_value(value.epochs);
  }
  return node;
}

Config load_config(const fs::path& file, const std::vector<std::string>& overrides,
                   const std::vector<ComponentSection>& sections, Problems& problems) {
  auto root = read_with_extends(file, problems);
  // Mistakes of the command line are told even when the file cannot be read.
  Node nothing = Node::map();
  for (const auto& override : overrides) apply_override(root ? *root : nothing, override, problems);
  if (!root) return {};
  resolve_environment(*root, problems);
  return resolve_config(*root, file.string(), sections, problems);
}

Config parse_config(const std::string& text, const std::string& name,
                    const std::vector<std::string>& overrides, const std::vector<ComponentSection>& sections,
                    Problems& problems) {
  Node root = parse_yaml(text, name, problems);
  const bool readable = root.is_map();
  if (!readable) root = Node::map();
  for (const auto& override : overrides) apply_override(root, override, problems);
  if (!readable) return {};
  return resolve_config(root, name, sections, problems);
}

Config resolve_config(const Node& root, const std::string& name,
                      const std::vector<ComponentSection>& sections, Problems& problems) {
  return read_config(root, {.file = name, .line = 1, .column = 1}, sections, problems);
}

Node to_node(const Config& config) {
  Node fields = write_value(config);
  fields["data"] = config.data;
  fields["model"] = config.model;
  fields["loss"] = config.loss;
  fields["optimizer"] = config.optimizer;
  fields["schedule"] = config.schedule;
  Node ordered = Node::map();
  for (const char* name : kOrder) ordered[name] = fields[name];
  return ordered;
}

}  // namespace actlab
