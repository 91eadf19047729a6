#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/block.h"
#include "core/shape.h"

namespace actlab {

// How the numbers of a sample are stored: as bytes, which stand for shares of 255, or as floats.
enum class SampleType : uint8_t { kByte, kFloat };

// Labelled examples as they lie in memory or in a file. Never changed, and shared by the parts that look at
// them. Labels are classes, or, for regression, one or more numbers an example.
struct Source {
  Shape shape;
  SampleType type = SampleType::kByte;
  Block samples = {};                // [N, C, H, W], row by row
  std::vector<int64_t> labels = {};  // [N] classes; empty where there are targets
  std::vector<float> targets = {};   // [N, outputs]; empty where there are labels
  int64_t outputs = 0;               // numbers a target

  int64_t size() const;
  int64_t sample_bytes() const;
  // Of the example of that number.
  std::span<const uint8_t> sample(int64_t row) const;
};

}  // namespace actlab
