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
#include "core/file_kind.h"
#include "core/near_file.h"
#include "core/typed_path.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

// What may have been meant by a config that cannot be read, beside a name near it.
std::string advice_on(const fs::path& file) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) {
    const fs::path config = file / "config.yaml";
    return fs::exists(config, ignored) ? "; the config of this run is " + config.string()
                                       : "; docs/data.md says how to bring data of your own";
  }
  if (file.has_parent_path() || fs::exists(file, ignored) || !near_file(file).empty()) return "";
  const fs::path known = "configs" / file;
  const fs::path near = fs::exists(known, ignored) ? known : near_file(known);
  return near.empty() ? "" : ": did you mean '" + near.string() + "'?";
}

// What a file is that cannot be a config; empty for what may be one with mistakes.
std::string other_kind(const fs::path& file) {
  const Bytes head = read_head(file, 4096);
  if (looks_like_safetensors(head))
    return "a checkpoint; `actlab config show` prints the config in it, and `train CONFIG --resume` goes on "
           "from it";
  if (looks_like_table(head)) return "a table, as in CSV; docs/data.md says how to bring data of your own";
  return file_kind(head);
}

// `asked_by` is where `extends` names the file, or the file itself. Null when it cannot be read or parsed.
Node read_one(const fs::path& file, const Location& asked_by, const std::string& key, Problems& problems) {
  Problems found;
  Node root;
  try {
    root = parse_yaml(read_text(file, ExitStatus::kUsage, kMaxConfigBytes), file.string(), found);
  } catch (const Error& error) {
    found.add(asked_by, key, error.what() + advice_on(file));
  }
  const std::string kind = root.is_null() ? other_kind(file) : "";
  if (kind.empty()) {
    problems.add(found);
  } else {
    problems.add(asked_by, key, file.string() + " is no config but " + kind);
  }
  return root;
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
  try {
    return (by.parent_path() / typed_path(extends.text)).lexically_normal();
  } catch (const Error& error) {
    return fail(error.what());
  }
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
