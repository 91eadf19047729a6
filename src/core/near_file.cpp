#include "core/near_file.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/suggest.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& folder) {
  constexpr size_t kMost = 5000;  // a typo must not cost a search through millions of files
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder.empty() ? "." : folder, error);
       !error && entry != fs::directory_iterator() && names.size() < kMost; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with('.')) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

// "mnist_mlp.yaml" as its sorted words.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    if (c == '_' || c == '-' || c == '.') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  std::ranges::sort(words);
  return words;
}

std::string near_name(const std::string& missing, const std::vector<std::string>& names) {
  const std::string stem = fs::path(missing).stem().string();
  for (const auto& name : names) {
    const std::string other = fs::path(name).stem().string();
    if (other == missing || (other == stem && name != stem)) return name;
  }
  for (const auto& name : names) {
    if (words_of(name) == words_of(missing) || words_of(fs::path(name).stem().string()) == words_of(missing))
      return name;
  }
  return nearest(missing, names);
}

// What `missing` was meant to be in `parent`: a name like it, or a folder there with a file of that name.
fs::path near_part(const fs::path& parent, const fs::path& missing) {
  const std::vector<std::string> names = names_in(parent);
  std::string name = near_name(missing.string(), names);
  if (!name.empty()) return name;
  std::error_code ignored;
  for (const auto& folder : names) {
    if (fs::is_regular_file(parent / folder / missing, ignored)) return fs::path(folder) / missing;
  }
  return {};
}

}  // namespace

fs::path near_file(const fs::path& missing) {
  std::error_code ignored;
  fs::path found;
  for (const auto& part : missing) {
    const fs::path there = fs::exists(found / part, ignored) ? part : near_part(found, part);
    if (there.empty()) return {};
    found /= there;
  }
  return found;
}

}  // namespace actlab
