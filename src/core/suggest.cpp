#include "core/suggest.h"

#include <algorithm>
#include <cctype>

#include "core/text.h"

namespace actlab {
namespace {

constexpr size_t kLongestName = 64;         // keeps a hostile key of a megabyte cheap
constexpr size_t kEdit = kLongestName + 1;  // a difference in case costs 1, so all of them less than one edit

// Optimal string alignment distance.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = kEdit * i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = kEdit * j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const auto x = static_cast<unsigned char>(a[i - 1]);
      const auto y = static_cast<unsigned char>(b[j - 1]);
      const size_t replace = x == y ? 0 : (std::tolower(x) == std::tolower(y) ? 1 : kEdit);
      d[i][j] = std::min({d[i - 1][j] + kEdit, d[i][j - 1] + kEdit, d[i - 1][j - 1] + replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + kEdit);
      }
    }
  }
  return d[a.size()][b.size()];
}

// Whether both begin alike, apart from case and from two letters that changed places.
bool begin_alike(std::string_view a, std::string_view b) {
  const auto same = [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  };
  if (same(a[0], b[0])) return true;
  return a.size() > 1 && b.size() > 1 && same(a[0], b[1]) && same(a[1], b[0]);
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kLongestName) return "";
  std::string best;
  size_t best_distance = kEdit * (std::max<size_t>(1, (word.size() + 1) / 3) + 1);
  for (const auto& candidate : candidates) {
    if (candidate.empty()) continue;
    const size_t d = distance(word, candidate);
    if (d >= best_distance || (d >= 2 * kEdit && !begin_alike(word, candidate))) continue;
    best_distance = d;
    best = candidate;
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string near = nearest(word, candidates);
  return near.empty() ? "" : ": did you mean '" + near + "'?";
}

std::string known_names(const std::vector<std::string>& names, const std::string& list) {
  constexpr size_t kFew = 8;
  if (names.size() <= kFew) return "there are: " + join(names);
  const std::string count = std::to_string(names.size()) + " there are";
  if (!list.empty()) return count + ": " + list;
  return count + ": " + join({names.begin(), names.begin() + kFew}) + ", ...";
}

std::string unknown_name(const std::string& kind, const std::string& word,
                         const std::vector<std::string>& names, const std::string& list) {
  return "unknown " + kind + " '" + word + "'" + did_you_mean(word, names) + " (" + known_names(names, list) +
         ")";
}

}  // namespace actlab
