#pragma once

#include <cstdint>

namespace actlab {

// What one example is, without the batch dimension: [channels, height, width]. A plain vector of F features
// is [1, 1, F].
struct Shape {
  int64_t channels = 1;
  int64_t height = 28;
  int64_t width = 28;

  int64_t features() const { return channels * height * width; }
  bool operator==(const Shape&) const = default;
};

}  // namespace actlab
