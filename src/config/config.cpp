#include "config/config.h"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "config/environment.h"
#include "config/extends.h"
#include "config/keys.h"
#include "config/merge.h"
#include "config/scalar.h"
#include "core/suggest.h"
#include "core/text.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

// A section that is not written is its default type; neither is one that names only options of it.
Node with_default_type(const Node* written, const ComponentSection& section) {
  Node node = written ? *written : Node::map();
  if (!node.is_map() || node.find("type") || section.default_type.empty()) return node;
  node.entries.insert(node.entries.begin(), {"type", Node::scalar(section.default_type), node.where});
  return node;
}

void read_component(const Node& root, const ComponentSection& section, const Location& whole_file,
                    Node& component, Problems& problems) {
  const Node* written = root.find(section.name);
  if (written && written->is_null()) return;
  if (!written && section.default_type.empty()) {
    std::vector<std::string> names;
    for (const auto& type : section.types) names.push_back(type.name);
    return problems.add(whole_file, section.name, "is missing; give it a `type`, one of: " + join(names));
  }
  component = resolve_component(with_default_type(written, section), section.types,
                                ReadContext{section.name, problems}, section.hint);
}

// Visitor that reads all sections: a component by the rows of its registry, any other by its fields.
class ConfigReader {
 public:
  ConfigReader(const Node& root, Location whole_file, const std::vector<ComponentSection>& sections,
               Problems& problems)
      : root_(root),
        whole_file_(std::move(whole_file)),
        sections_(sections),
        problems_(problems),
        fields_(root, ReadContext{"", problems}) {}

  template <class T, class... Rule>
  void operator()(const char* name, T& field, const char* help, const Rule&... rule) {
    fields_(name, field, help, rule...);
  }

  void operator()(const char* name, Node& component, const char* /*help*/) {
    const auto section = std::ranges::find(sections_, name, &ComponentSection::name);
    if (section == sections_.end())
      throw Error(ExitStatus::kFailed, "no registry reads the section '" + std::string(name) + "'");
    components_.emplace_back(name);
    read_component(root_, *section, whole_file_, component, problems_);
  }

  // Call after the visit.
  void report_unknown() const {
    for (const auto& section : sections_) {
      if (std::ranges::find(components_, section.name) == components_.end())
        throw Error(ExitStatus::kFailed, "a config has no section '" + section.name + "'");
    }
    fields_.report_unknown(components_);
  }

 private:
  const Node& root_;
  Location whole_file_;
  const std::vector<ComponentSection>& sections_;
  Problems& problems_;
  FieldReader fields_;
  std::vector<std::string> components_;
};

// Visitor that takes what is not trained out of a written config or section.
struct NotTrainedEraser {
  Node& written;

  template <class T, class... Rule>
  void operator()(const char* name, T& field, const char*, const Rule&...) {
    if constexpr ((std::is_same_v<Rule, NotTrained> || ...)) {
      written.erase(name);
    } else if constexpr (OptionStruct<T>) {
      Node* const options = written.find(name);
      if (options == nullptr) return;
      NotTrainedEraser inside{*options};
      field.visit(inside);
    }
  }
};

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void check_device(const Node& root, const Config& config, Problems& problems) {
  const std::string& device = config.device;
  const bool indexed = device.starts_with("cuda:") && is_digits(device.substr(5)) && device.size() <= 8;
  if (indexed || device == "auto" || device == "cpu" || device == "cuda") return;
  const std::string expected = "must be auto, cpu, cuda or cuda:N, not " + shown(device);
  const std::string meant =
      device.starts_with("gpu") ? "cuda" + device.substr(3) : nearest(device, {"auto", "cpu", "cuda"});
  ReadContext{"device", problems}.fail(*root.find("device"), expected, meant);
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
  ConfigReader reader(root, whole_file, sections, problems);
  config.visit(reader);
  reader.report_unknown();
  if (!problems.empty()) problems.suggest_keys(config_keys(sections));
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

Node write_value(const Node& component) {
  return component;
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

std::vector<std::string> config_keys(const std::vector<ComponentSection>& sections) {
  Node all = to_node(Config{});
  std::vector<std::string> keys;
  for (const auto& section : sections) {
    for (const auto& type : section.types) {
      Problems ignored;  // of options that have no default
      Node written = Node::map();
      written["type"] = Node::scalar(type.name);
      all[section.name] = type.resolve(written, type.name, ReadContext{section.name, ignored});
      for (auto& key : keys_of(all)) {
        if (std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
      }
    }
  }
  return keys;
}

Node to_node(const Config& config) {
  return write_value(config);
}

Node trained_part(Node config) {
  Config sections;
  NotTrainedEraser eraser{config};
  sections.visit(eraser);
  return config;
}

}  // namespace actlab
