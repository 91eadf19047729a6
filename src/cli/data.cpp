#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/action.h"
#include "cli/command.h"
#include "cli/print.h"
#include "core/suggest.h"
#include "data/downloads.h"
#include "data/fetch.h"
#include "data/idx.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

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
    std::cout << check.path.string() << ": " << (check.problem.empty() ? "ok" : check.problem) << '\n';
  }
}

bool all_right(const std::vector<FileCheck>& checks) {
  return std::ranges::all_of(checks, [](const FileCheck& check) { return check.state == FileState::kRight; });
}

ExitStatus run_fetch(const Download& set, const fs::path& folder, bool json) {
  const auto brought = fetch(set, folder);
  if (json) {
    print_json({{"name", set.name}, {"root", folder.string()}, {"fetched", brought}});
  } else {
    std::cout << set.name << " is complete in " << folder.string() << " (" << brought.size()
              << " files fetched, " << set.files.size() - brought.size() << " kept)\n";
  }
  return ExitStatus::kDone;
}

ExitStatus run_verify(const Download& set, const fs::path& folder, bool json) {
  const auto checks = check_files(set, folder);
  const bool ok = all_right(checks);
  if (json) {
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
  throw Error(ExitStatus::kData, join(wrong, "; ") + "; fetch anew with: actlab data fetch " + set.name +
                                     " --to " + folder.string());
}

// How many labels of each class a label file holds.
std::vector<int64_t> count_labels(const fs::path& file, int64_t classes) {
  std::vector<int64_t> counts(static_cast<size_t>(classes));
  for (const uint8_t label : read_idx_labels(file)) ++counts.at(label);
  return counts;
}

// Counts per class of each label file that is present and right, by the name of the file.
Json label_counts(const Download& set, const std::vector<FileCheck>& checks) {
  Json counts = Json::object();
  for (size_t i = 0; i < checks.size(); ++i) {
    const bool labels = set.files[i].name.find("labels") != std::string::npos;
    if (labels && checks[i].state == FileState::kRight) {
      counts[set.files[i].name] = count_labels(checks[i].path, set.shape.classes);
    }
  }
  return counts;
}

ExitStatus run_info(const Download& set, const fs::path& folder, bool json) {
  const auto checks = check_files(set, folder);
  const ExampleShape& shape = set.shape;
  const Json counts = label_counts(set, checks);
  if (json) {
    const Json result = {{"name", set.name},
                         {"title", set.title},
                         {"about", set.about},
                         {"source", set.source},
                         {"licence", set.licence},
                         {"shape", {shape.channels, shape.height, shape.width}},
                         {"classes", shape.classes},
                         {"root", folder.string()},
                         {"present", all_right(checks)},
                         {"files", files_json(set, checks)},
                         {"class_counts", counts}};
    print_json(result);
    return ExitStatus::kDone;
  }
  std::cout << set.title << '\n'
            << "about:   " << set.about << '\n'
            << "source:  " << set.source << '\n'
            << "licence: " << set.licence << "\n\n";
  print_files(checks);
  for (const auto& [file, numbers] : counts.items()) {
    std::cout << "examples of class 0, 1, ... in " << file << ": " << numbers.dump() << '\n';
  }
  if (!all_right(checks)) std::cout << "\nfetch it with: actlab data fetch " << set.name << '\n';
  return ExitStatus::kDone;
}

struct DataAction {
  const char* name;
  ExitStatus (*run)(const Download& set, const fs::path& folder, bool json);
  const char* folder_flag;
};

constexpr std::array kDataActions = {
    DataAction{"fetch", run_fetch, "to"},
    DataAction{"info", run_info, "root"},
    DataAction{"verify", run_verify, "root"},
};

ExitStatus run_data(const Invocation& invocation) {
  const DataAction& action = find_action("data", kDataActions, invocation.arguments.front());
  if (invocation.arguments.size() < 2) {
    std::vector<std::string> names;
    for (const Download& set : downloads()) names.push_back(set.name);
    throw Error(ExitStatus::kUsage,
                "data " + std::string(action.name) + ": which data set? There are: " + join(names));
  }
  const Download& set = find_download(invocation.arguments[1]);
  for (const DataAction& other : kDataActions) {
    const std::string flag = other.folder_flag;
    if (flag != action.folder_flag && invocation.has(flag)) {
      throw Error(ExitStatus::kUsage,
                  "data " + std::string(action.name) + " takes --" + action.folder_flag + ", not --" + flag);
    }
  }
  const fs::path folder = invocation.value(action.folder_flag, "data/" + set.name);
  return action.run(set, fs::absolute(folder).lexically_normal(), invocation.json());
}

}  // namespace

Command data_command() {
  return {
      .name = "data",
      .arguments = "fetch|info|verify NAME",
      .summary = "get a data set, describe it, check its files",
      .details =
          "fetch   brings the files that are missing or wrong, and checks them (default: into data/NAME)\n"
          "info    what the set is, where it comes from, and which of its files are there\n"
          "verify  compares size and SHA-256 of every file; exit status 3 when one is wrong or missing\n"
          "\n"
          "NAME: mnist\n",
      .min_arguments = 1,
      .max_arguments = 2,
      .flags = {{"to", "DIR", "fetch: the folder to put the files into"},
                {"root", "DIR", "info, verify: the folder with the files"}},
      .run = run_data,
  };
}

}  // namespace actlab
