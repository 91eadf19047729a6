#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace actlab {

// Every random draw of a run comes from a named stream, so that adding one consumer of randomness does not
// change what another one draws. The stream's seed is a pure function of the run's seed, its name and the
// given numbers (an epoch, a rank). Always below 2^63.
uint64_t stream_seed(int64_t seed, std::string_view stream, std::initializer_list<int64_t> numbers = {});

// SplitMix64 (Steele, Lea, Flood 2014): small, fast and the same on every platform, unlike std::shuffle and
// the distributions of <random>.
class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t seed) : state_(seed) {}

  uint64_t next();
  // Uniform in [0, bound), without modulo bias. bound > 0.
  uint64_t below(uint64_t bound);
  // Uniform in [0, 1).
  double uniform();
  // Standard normal (Box and Muller 1958).
  double normal();

 private:
  uint64_t state_;
};

// A permutation of 0..n-1 (Fisher and Yates).
std::vector<int64_t> permutation(int64_t n, uint64_t seed);

}  // namespace actlab
