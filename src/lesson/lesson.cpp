#include "lesson/lesson.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "app/catalogue.h"
#include "config/environment.h"
#include "config/extends.h"
#include "config/merge.h"
#include "core/shell.h"
#include "core/suggest.h"
#include "lesson/library.h"
#include "lesson/measure.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSection = "lesson";

bool is_file(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".yaml") || name.ends_with(".yml");
}

// A map with the lesson's own keys and those of its networks; empty when it cannot be read.
std::optional<Node> read_root(const std::string& name, Problems& problems) {
  if (is_file(name)) return read_with_extends(name, problems);
  const auto& files = lesson_files();
  const auto file = std::ranges::find(files, name, &LessonFile::name);
  if (file == files.end()) {
    throw Error(ExitStatus::kUsage, unknown_name("lesson", name, lesson_names(), "actlab lesson list") +
                                        "; a lesson of your own is a file that ends with .yaml");
  }
  return parse_yaml(file->text, name + ".yaml", problems);
}

// Names of variants become parts of names of figures.
bool is_plain_name(const std::string& name) {
  return std::ranges::all_of(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

void read_text(const Node& section, Lesson& lesson, Problems& problems) {
  const ReadContext context{kSection, problems};
  read_fields(section, lesson.text, context, {"measure", "variants", "expect"});
  for (const char* key : {"claim", "measure", "expect"}) {
    if (section.find(key) == nullptr) problems.add(section.where, context.inside(key).key, "is missing");
  }
}

void read_expectations(const Node& section, Lesson& lesson, Problems& problems) {
  const Node* expect = section.find("expect");
  if (expect == nullptr || expect->is_null()) return;
  const ReadContext context = ReadContext{kSection, problems}.inside("expect");
  if (!expect->is_map() || expect->entries.empty()) {
    return context.fail_expecting(*expect, "a map from figures to what they should be");
  }
  for (const auto& entry : expect->entries) {
    Expectation expectation;
    if (!entry.value.is_null()) read_value(entry.value, expectation, context.inside(entry.key));
    lesson.expected.emplace_back(entry.key, expectation);
  }
}

void refuse_network(const Node& root, const Node& section, const Lesson& lesson, Problems& problems) {
  const std::string reason =
      "the measure " + component_type(lesson.measure) + " takes no network; leave it out";
  for (const auto& entry : root.entries) problems.add(entry.where, entry.key, reason);
  if (const Node* variants = section.find("variants")) {
    problems.add(variants->where, std::string(kSection) + ".variants", reason);
  }
}

void read_networks(const Node& root, const Node& section, const std::string& file, Lesson& lesson,
                   Problems& problems) {
  const Node* variants = section.find("variants");
  if (variants == nullptr) {
    lesson.networks.push_back({"", resolve_config(root, file, catalogue(), problems)});
    return;
  }
  const ReadContext context = ReadContext{kSection, problems}.inside("variants");
  if (variants->is_null()) return;
  if (!variants->is_map())
    return context.fail_expecting(*variants, "a map from names to sections of a config");
  Problems found;
  for (const auto& entry : variants->entries) {
    const ReadContext inside = context.inside(entry.key);
    if (!is_plain_name(entry.key)) {
      problems.add(entry.where, inside.key, "a name of a variant has letters, digits and '_'");
    } else if (!entry.value.is_map()) {
      inside.fail_expecting(entry.value, "a map with sections of a config");
    } else {
      Node merged = root;
      merge(merged, entry.value);
      lesson.networks.push_back({entry.key, resolve_config(merged, file, catalogue(), found)});
    }
  }
  // What they share is wrong in each of them.
  std::set<std::string> told;
  for (const auto& problem : found.sorted()) {
    if (told.insert(problem.text()).second) problems.add(problem);
  }
}

}  // namespace

std::vector<std::string> lesson_names() {
  std::vector<std::pair<int64_t, std::string>> places;
  for (const auto& file : lesson_files()) {
    Problems problems;
    const Node root = parse_yaml(file.text, std::string(file.name) + ".yaml", problems);
    LessonText text;
    if (const Node* section = root.find(kSection)) {
      read_fields(*section, text, ReadContext{kSection, problems}, {"measure", "variants", "expect"});
    }
    places.emplace_back(text.order, file.name);
  }
  std::ranges::sort(places);
  std::vector<std::string> names;
  for (const auto& place : places) names.push_back(place.second);
  return names;
}

bool is_lesson(const std::string& file) {
  // What can be read only once, as a pipe, is left to those who read it.
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return false;
  try {
    Problems unused;
    const auto root = read_with_extends(file, unused);
    return root && root->find(kSection) != nullptr;
  } catch (const Error&) {
    return false;
  }
}

Lesson load_lesson(const std::string& name, const std::vector<std::string>& overrides, Problems& problems) {
  Lesson lesson;
  lesson.name = is_file(name) ? fs::path(name).stem().string() : name;
  lesson.asked = shell_text({name}) + (overrides.empty() ? "" : " " + shell_text(overrides));
  const std::string file = is_file(name) ? name : name + ".yaml";
  auto root = read_root(name, problems);
  if (!root || !root->is_map()) return lesson;
  for (const auto& override : overrides) apply_override(*root, override, problems);
  resolve_environment(*root, problems);
  const Node* found = root->find(kSection);
  if (found == nullptr || !found->is_map()) {
    problems.add({.file = file, .line = 1, .column = 1}, kSection,
                 "is missing; a lesson has this section with claim, measure and expect");
    return lesson;
  }
  const Node section = *found;
  root->erase(kSection);

  read_text(section, lesson, problems);
  read_expectations(section, lesson, problems);
  const Node* measure = section.find("measure");
  if (measure == nullptr || measure->is_null()) return lesson;
  lesson.measure = resolve_component(*measure, measure_section().types, {"lesson.measure", problems});
  const Measure* row = find_measure(lesson.measure);
  if (row == nullptr) return lesson;
  if (row->network) {
    read_networks(*root, section, file, lesson, problems);
  } else {
    refuse_network(*root, section, lesson, problems);
  }
  return lesson;
}

}  // namespace actlab
