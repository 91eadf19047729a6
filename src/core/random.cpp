#include "core/random.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace actlab {
namespace {

uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

uint64_t stream_seed(int64_t seed, std::string_view stream, std::initializer_list<int64_t> numbers) {
  constexpr uint64_t kGolden = 0x9e3779b97f4a7c15ULL;
  uint64_t hash = mix(static_cast<uint64_t>(seed) + kGolden);
  hash = mix(hash + kGolden + stream.size());  // or "a" with the number 98 would be the stream "ab"
  for (const char c : stream) hash = mix(hash + kGolden + static_cast<unsigned char>(c));
  for (const int64_t n : numbers) hash = mix(hash + kGolden + static_cast<uint64_t>(n));
  return hash >> 1;
}

uint64_t SplitMix64::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  return mix(state_);
}

uint64_t SplitMix64::below(uint64_t bound) {
  // Values under 2^64 mod bound would make the low results likelier.
  const uint64_t threshold = -bound % bound;
  uint64_t value = next();
  while (value < threshold) value = next();
  return value % bound;
}

double SplitMix64::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

double SplitMix64::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::vector<int64_t> permutation(int64_t n, uint64_t seed) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  SplitMix64 random(seed);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace actlab
