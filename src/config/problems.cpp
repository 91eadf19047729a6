#include "config/problems.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "config/keys.h"

namespace actlab {

std::string Problem::text() const {
  std::string line = message;
  if (!suggestion.empty()) line += ": did you mean '" + suggestion + "'?";
  if (!allowed.empty()) line += " (" + allowed + ")";
  if (!key.empty()) line.insert(0, key + ": ");
  const bool names_file =
      where.line == 0 && !where.file.empty() && message.find(where.file) != std::string::npos;
  return names_file ? line : where.text() + ": " + line;
}

void Problems::add(Location where, std::string key, std::string message, std::string suggestion,
                   std::string allowed) {
  list_.push_back(
      {std::move(where), std::move(key), std::move(message), std::move(suggestion), std::move(allowed)});
}

void Problems::suggest_keys(const std::vector<std::string>& all_keys) {
  for (auto& problem : list_) {
    if (problem.message != kUnknownKey) continue;
    if (std::ranges::find(all_keys, problem.key) != all_keys.end()) {
      problem.message = "unknown key for this type";
      continue;
    }
    const std::string like = key_like(problem.key, all_keys, /*exactly=*/!problem.suggestion.empty());
    if (!like.empty()) problem.suggestion = like;
  }
}

void Problems::add(const Problems& others) {
  list_.insert(list_.end(), others.list_.begin(), others.list_.end());
}

std::vector<Problem> Problems::sorted() const {
  std::vector<std::string> files;
  for (const auto& problem : list_) {
    if (std::ranges::find(files, problem.where.file) == files.end()) files.push_back(problem.where.file);
  }
  const auto rank = [&](const Problem& problem) {
    const auto file = problem.where.file.empty()
                          ? std::numeric_limits<std::ptrdiff_t>::max()
                          : std::ranges::find(files, problem.where.file) - files.begin();
    return std::tuple(file, problem.where.line, problem.where.column);
  };
  auto result = list_;
  std::ranges::stable_sort(result, {}, rank);
  return result;
}

std::string Problems::text() const {
  std::string lines;
  for (const auto& problem : sorted()) lines += (lines.empty() ? "" : "\n") + problem.text();
  return lines;
}

void Problems::throw_if_any() const {
  if (!empty()) throw Error(ExitStatus::kUsage, text());
}

}  // namespace actlab
