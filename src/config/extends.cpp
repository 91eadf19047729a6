#include "config/extends.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "config/document.h"
#include "config/merge.h"
#include "core/file.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

// `asked_by` is where `extends` names the file, or the file itself. Null when it cannot be read or parsed.
Node read_one(const fs::path& file, const Location& asked_by, const std::string& key, Problems& problems) {
  std::string text;
  try {
    text = read_text(file, ExitStatus::kUsage, kMaxConfigBytes);
  } catch (const Error& error) {
    problems.add(asked_by, key, error.what());
    return {};
  }
  return parse_yaml(text, file.string(), problems);
}

// The file that `extends` names, relative to the one it stands in; empty when it cannot be used.
fs::path extended_file(const Node& extends, const fs::path& by, Problems& problems) {
  const auto fail = [&](const std::string& message) {
    problems.add(extends.where, "extends", message);
    return fs::path();
  };
  if (extends.is_null()) return {};
  if (!extends.is_scalar() || extends.text.empty()) return fail("must be the path of one other config");
  if (extends.text.find("${") != std::string::npos)
    return fail("is read before the environment: ${...} cannot stand here");
  return (by.parent_path() / extends.text).lexically_normal();
}

// "a.yaml -> b.yaml -> a.yaml" when `file` is one of `chain`, else empty.
std::string cycle_text(const std::vector<fs::path>& chain, const fs::path& file) {
  std::error_code ignored;
  const auto same = [&](const fs::path& other) { return fs::equivalent(other, file, ignored); };
  const auto first = std::ranges::find_if(chain, same);
  if (first == chain.end()) return "";
  std::string text;
  for (auto step = first; step != chain.end(); ++step) text += step->string() + " -> ";
  return text + file.string();
}

}  // namespace

std::optional<Node> read_with_extends(const fs::path& file, Problems& problems) {
  std::vector<fs::path> chain = {file};
  std::vector<Node> layers = {read_one(file, {.file = file.string()}, "", problems)};
  while (!layers.back().is_null()) {
    const Node* found = layers.back().find("extends");
    if (!found) break;
    const Node extends = *found;
    layers.back().erase("extends");
    const fs::path next = extended_file(extends, chain.back(), problems);
    if (next.empty()) return std::nullopt;

    const std::string cycle = cycle_text(chain, next);
    if (!cycle.empty()) {
      problems.add(extends.where, "extends", "the files extend each other: " + cycle);
      return std::nullopt;
    }
    if (chain.size() > kMaxConfigExtends) {
      problems.add(extends.where, "extends",
                   "more than " + std::to_string(kMaxConfigExtends) + " files extend each other");
      return std::nullopt;
    }
    layers.push_back(read_one(next, extends.where, "extends", problems));
    chain.push_back(next);
  }
  if (layers.back().is_null()) return std::nullopt;

  Node root = std::move(layers.back());
  for (auto layer = layers.rbegin() + 1; layer != layers.rend(); ++layer) merge(root, *layer);
  return root;
}

}  // namespace actlab
