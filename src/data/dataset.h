#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/file.h"
#include "data/source.h"

namespace actlab {

// The shape of an example, and how many classes its label can name; 0 for regression.
struct ExampleShape : Shape {
  int64_t classes = 10;

  constexpr ExampleShape() = default;
  constexpr ExampleShape(const Shape& shape, int64_t of) : Shape(shape), classes(of) {}
  constexpr ExampleShape(int64_t c, int64_t h, int64_t w, int64_t of) : Shape{c, h, w}, classes(of) {}
  bool operator==(const ExampleShape&) const = default;
};

// Some examples of a source, in an order, and what the task makes of their labels: a view, which copies no
// samples.
class Part {
 public:
  Part() = default;
  // All examples, as they are. Labels must be below `classes`.
  Part(std::shared_ptr<const Source> source, int64_t classes);
  // All examples, of bytes in memory.
  Part(const ExampleShape& shape, Bytes samples, std::vector<int64_t> labels);

  int64_t size() const { return std::ssize(rows_); }
  ExampleShape shape() const;
  const Source& source() const { return *source_; }

  // The number in the source of each example.
  const std::vector<int64_t>& rows() const { return rows_; }
  std::span<const uint8_t> sample(int64_t i) const { return source_->sample(rows_[static_cast<size_t>(i)]); }
  // The class of each example; empty for regression.
  const std::vector<int64_t>& labels() const { return labels_; }
  // The numbers that an example's target has; none where there are classes.
  std::span<const float> target(int64_t i) const;

  // The examples of these places in this part, in the order given.
  Part select(const std::vector<int64_t>& places) const;
  // The same examples with other labels, one each, below `classes`.
  Part relabelled(std::vector<int64_t> labels, int64_t classes) const;

 private:
  std::shared_ptr<const Source> source_ = std::make_shared<const Source>();
  std::vector<int64_t> rows_;
  std::vector<int64_t> labels_;
  int64_t classes_ = 0;
};

// Per channel: an input is (x - mean) / std, where x is the number itself, or the byte / 255.
struct Normalization {
  std::vector<float> mean;
  std::vector<float> std;
};

// Everything a run needs of its data.
struct DataParts {
  Part train;
  Part validation;  // empty without a validation split
  Part test;
  std::string name;                      // what they are: "mnist", "mnist-like data from FOLDER"
  std::vector<std::string> class_names;  // one a class
  std::vector<std::string> warnings;     // what a user should know of them before training
  Normalization normalization;
  // SHA-256 over shapes, samples and labels of all parts, and of the test part alone: the same data, the same
  // digits.
  std::string fingerprint;
  std::string test_fingerprint;
};

}  // namespace actlab
