#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/print.h"
#include "core/signals.h"
#include "core/text.h"
#include "data/downloads.h"
#include "data/fetch.h"
#include "data/idx.h"
#include "data/mnist.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

template <FileState state>
bool is_in_state(const FileCheck& check) {
  return check.state == state;
}

const char* state_name(FileState state) {
  switch (state) {
    case FileState::kRight:
      return "ok";
    case FileState::kMissing:
      return "missing";
    case FileState::kWrong:
      return "wrong";
  }
  return "";
}

// What the folder holds: the set, or other data in its form, which train as well and are no damage.
std::string name_in(const fs::path& folder, const Download& set, const std::vector<FileCheck>& checks) {
  const bool some_other = std::ranges::any_of(checks, is_in_state<FileState::kWrong>);
  if (!some_other || std::ranges::any_of(checks, is_in_state<FileState::kMissing>)) return set.name;
  try {
    MnistOptions options;
    options.root = folder;
    const std::string name = options.load(0).name;
    return name.empty() ? set.name : name;
  } catch (const Error&) {
    return set.name;
  }
}

Json files_json(const Download& set, const std::vector<FileCheck>& checks) {
  Json files = Json::array();
  for (size_t i = 0; i < checks.size(); ++i) {
    files.push_back({{"file", checks[i].path.string()},
                     {"state", state_name(checks[i].state)},
                     {"size", set.files[i].size},
                     {"sha256", set.files[i].sha256},
                     {"problem", checks[i].problem}});
  }
  return files;
}

void print_files(const std::vector<FileCheck>& checks) {
  for (const FileCheck& check : checks) {
    std::printf("%s: %s\n", check.path.c_str(), check.problem.empty() ? "ok" : check.problem.c_str());
  }
}

bool all_right(const std::vector<FileCheck>& checks) {
  return std::ranges::all_of(checks, is_in_state<FileState::kRight>);
}

fs::path folder_of(const Download& set, const Invocation& invocation, const std::string& flag) {
  return fs::absolute(invocation.value(flag, "data/" + set.name)).lexically_normal();
}

ExitStatus fetch_data(const Invocation& invocation) {
  const Download& set = find_download(invocation.arguments.front());
  const fs::path folder = folder_of(set, invocation, "to");
  const StopSignals signals;  // what brings the files is ended, and its temporary folder removed
  const auto brought = fetch(set, folder);
  if (invocation.json()) {
    print_json({{"name", set.name}, {"root", folder.string()}, {"fetched", brought}});
  } else {
    std::printf("%s is complete in %s (%zu files fetched, %zu kept)\n", set.name.c_str(), folder.c_str(),
                brought.size(), set.files.size() - brought.size());
  }
  return ExitStatus::kDone;
}

ExitStatus verify_data(const Invocation& invocation) {
  const Download& set = find_download(invocation.arguments.front());
  const fs::path folder = folder_of(set, invocation, "root");
  const auto checks = check_files(set, folder);
  const bool ok = all_right(checks);
  if (invocation.json()) {
    const Json result = {
        {"name", set.name}, {"root", folder.string()}, {"ok", ok}, {"files", files_json(set, checks)}};
    print_json(result);
  } else {
    print_files(checks);
  }
  if (ok) return ExitStatus::kDone;
  std::vector<std::string> wrong;
  for (const FileCheck& check : checks) {
    if (check.state != FileState::kRight) wrong.push_back(check.path.string() + " " + check.problem);
  }
  const std::string name = name_in(folder, set, checks);
  throw Error(ExitStatus::kData,
              join(wrong, "; ") + (name == set.name ? "; fetch anew with: actlab data fetch " + set.name +
                                                          " --to " + folder.string()
                                                    : "; the folder holds other data in the same form (" +
                                                          name + "), which fetching into it would replace"));
}

// How many labels of each class a label file holds.
std::vector<int64_t> count_labels(const fs::path& file, int64_t classes) {
  std::vector<int64_t> counts(static_cast<size_t>(classes));
  for (const uint8_t label : read_idx_labels(file)) ++counts.at(label);
  return counts;
}

// Counts per class of each label file that can be read, by the name of the file.
Json label_counts(const Download& set, const std::vector<FileCheck>& checks, bool other_data) {
  Json counts = Json::object();
  for (size_t i = 0; i < checks.size(); ++i) {
    const bool labels = set.files[i].name.find("labels") != std::string::npos;
    if (labels && (other_data || checks[i].state == FileState::kRight)) {
      counts[set.files[i].name] = count_labels(checks[i].path, set.shape.classes);
    }
  }
  return counts;
}

void print_data(const Download& set, const std::string& name, const std::vector<FileCheck>& checks,
                const Json& counts) {
  const bool other_data = name != set.name;
  if (other_data) {
    std::printf("%s\nabout:   other data than %s's, in the same form; data.classes names their classes\n\n",
                name.c_str(), set.name.c_str());
    for (const FileCheck& check : checks) std::printf("%s\n", check.path.c_str());
  } else {
    std::printf("%s\nabout:   %s\nsource:  %s\nlicence: %s\n\n", set.title.c_str(), set.about.c_str(),
                set.source.c_str(), set.licence.c_str());
    print_files(checks);
  }
  for (const auto& [file, numbers] : counts.items())
    std::printf("examples of class 0, 1, ... in %s: %s\n", file.c_str(), numbers.dump().c_str());
  if (!other_data && !all_right(checks))
    std::printf("\nfetch it with: actlab data fetch %s\n", set.name.c_str());
}

ExitStatus show_data(const Invocation& invocation) {
  const Download& set = find_download(invocation.arguments.front());
  const fs::path folder = folder_of(set, invocation, "root");
  const auto checks = check_files(set, folder);
  const ExampleShape& shape = set.shape;
  const std::string name = name_in(folder, set, checks);
  const bool other_data = name != set.name;
  const Json counts = label_counts(set, checks, other_data);
  if (invocation.json()) {
    const auto of_set = [&](const std::string& text) { return other_data ? Json(nullptr) : Json(text); };
    const Json result = {{"name", name},
                         {"title", other_data ? name : set.title},
                         {"about", of_set(set.about)},
                         {"source", of_set(set.source)},
                         {"licence", of_set(set.licence)},
                         {"shape", {shape.channels, shape.height, shape.width}},
                         {"classes", shape.classes},
                         {"root", folder.string()},
                         {"present", all_right(checks)},
                         {"files", files_json(set, checks)},
                         {"class_counts", counts}};
    print_json(result);
  } else {
    print_data(set, name, checks, counts);
  }
  return ExitStatus::kDone;
}

std::string known_sets() {
  std::vector<std::string> names;
  for (const Download& set : downloads()) names.push_back(set.name);
  return join(names);
}

Command data_action(const std::string& name, const std::string& summary, const Flag& folder,
                    ExitStatus (*run)(const Invocation& invocation)) {
  return {.name = name,
          .arguments = "NAME",
          .summary = summary,
          .details = "NAME: " + known_sets() + "\n",
          .missing = "which data set? There are: " + known_sets(),
          .min_arguments = 1,
          .max_arguments = 1,
          .flags = {folder},
          .run = run};
}

}  // namespace

Command data_command() {
  const Flag root = {"root", "DIR", "the folder with the files (default data/NAME)"};
  return {
      .name = "data",
      .summary = "get a data set, describe it, check its files",
      .details = "NAME: " + known_sets() + "\n",
      .actions = {
          data_action("fetch", "bring the files that are missing or wrong, and check them",
                      {"to", "DIR", "the folder to put the files into (default data/NAME)"}, fetch_data),
          data_action("info", "what the set is, where it comes from, and which of its files are there", root,
                      show_data),
          data_action("verify",
                      "compare size and SHA-256 of every file; exit status 3 when one is wrong or missing",
                      root, verify_data)}};
}

}  // namespace actlab
