#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/file.h"

namespace actlab {

// What one example is: [channels, height, width] of uint8, and how many classes its label can name. A plain
// vector of F features is [1, 1, F].
struct ExampleShape {
  int64_t channels = 1;
  int64_t height = 28;
  int64_t width = 28;
  int64_t classes = 10;

  int64_t pixels() const { return channels * height * width; }
  bool operator==(const ExampleShape&) const = default;
};

// Labelled examples in memory.
struct Dataset {
  ExampleShape shape;
  Bytes pixels;  // [N, C, H, W], row by row
  Bytes labels;  // [N], each below shape.classes

  int64_t size() const { return static_cast<int64_t>(labels.size()); }
};

// Per channel, of pixels scaled to [0, 1]: an input is (pixel / 255 - mean) / std.
struct Normalization {
  std::vector<float> mean;
  std::vector<float> std;
};

// Everything a run needs of its data.
struct DataParts {
  Dataset train;
  Dataset validation;  // empty without a validation split
  Dataset test;
  std::vector<std::string> class_names;  // one a class
  Normalization normalization;
  std::string
      fingerprint;  // SHA-256 over shapes, pixels and labels of all parts: the same data, the same digits
};

}  // namespace actlab
