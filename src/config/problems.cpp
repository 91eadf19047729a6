#include "config/problems.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace actlab {

std::string Problem::text() const {
  std::string line = where.text() + ": ";
  if (!key.empty()) line += key + ": ";
  line += message;
  if (!suggestion.empty()) line += " (did you mean '" + suggestion + "'?)";
  return line;
}

void Problems::add(Location where, std::string key, std::string message, std::string suggestion) {
  list_.push_back({std::move(where), std::move(key), std::move(message), std::move(suggestion)});
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
