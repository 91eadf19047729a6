#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "core/error.h"
#include "core/random.h"

namespace actlab {
namespace {

// The examples of each class, in their order.
std::vector<std::vector<int64_t>> places_by_class(const Part& data) {
  std::vector<std::vector<int64_t>> places(static_cast<size_t>(std::max<int64_t>(data.shape().classes, 1)));
  for (int64_t i = 0; i < data.size(); ++i) {
    const auto at = static_cast<size_t>(i);
    places[data.labels().empty() ? 0 : static_cast<size_t>(data.labels()[at])].push_back(i);
  }
  return places;
}

// Shares of `count` in proportion to the sizes (Hare's method of largest remainders; ties go to the lower
// class).
std::vector<int64_t> proportional(const std::vector<std::vector<int64_t>>& groups, int64_t total,
                                  int64_t count) {
  std::vector<int64_t> shares;
  for (const auto& group : groups) shares.push_back(count * std::ssize(group) / total);
  std::vector<size_t> by_remainder(groups.size());
  std::iota(by_remainder.begin(), by_remainder.end(), size_t{0});
  const auto remainder = [&](size_t c) { return count * std::ssize(groups[c]) % total; };
  std::ranges::stable_sort(by_remainder, [&](size_t a, size_t b) { return remainder(a) > remainder(b); });
  const int64_t missing = count - std::accumulate(shares.begin(), shares.end(), int64_t{0});
  for (int64_t i = 0; i < missing; ++i) ++shares[by_remainder[static_cast<size_t>(i)]];
  return shares;
}

}  // namespace

int64_t validation_count(double validation, int64_t examples) {
  if (validation == 0) return 0;
  const bool fraction = validation < 1;
  const double wanted =
      fraction ? std::max(1.0, std::round(validation * static_cast<double>(examples))) : validation;
  if (wanted >= static_cast<double>(examples)) {
    throw Error(ExitStatus::kData, "data.validation takes " + std::to_string(static_cast<int64_t>(wanted)) +
                                       " examples, but there are only " + std::to_string(examples) +
                                       ", so nothing is left to train on; lower it");
  }
  return static_cast<int64_t>(wanted);
}

std::vector<int64_t> validation_rows(const Part& data, int64_t count, int64_t seed) {
  if (count == 0) return {};
  const auto groups = places_by_class(data);
  const auto shares = proportional(groups, data.size(), count);
  std::vector<int64_t> chosen;
  for (size_t c = 0; c < groups.size(); ++c) {
    const auto order =
        permutation(std::ssize(groups[c]), stream_seed(seed, "split", {static_cast<int64_t>(c)}));
    for (int64_t i = 0; i < shares[c]; ++i) {
      chosen.push_back(groups[c][static_cast<size_t>(order[static_cast<size_t>(i)])]);
    }
  }
  std::ranges::sort(chosen);
  return chosen;
}

Split split_validation(const Part& data, double validation, int64_t seed) {
  const int64_t count = validation_count(validation, data.size());
  const auto chosen = validation_rows(data, count, seed);
  std::vector<int64_t> left;
  auto next = chosen.begin();
  for (int64_t i = 0; i < data.size(); ++i) {
    if (next != chosen.end() && *next == i) {
      ++next;
    } else {
      left.push_back(i);
    }
  }
  return {data.select(left), data.select(chosen)};
}

}  // namespace actlab
