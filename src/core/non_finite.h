#pragma once

#include <cstdint>
#include <string>

namespace actlab {

// Counts the examples for which a model's numbers are NaN or infinite. No figure is made of such numbers: not
// a mean, nor a class, nor a share.
class NonFinite {
 public:
  // An example by its place, counted from 0.
  void add(int64_t index);

  int64_t count() const { return count_; }

  // "3 of 40 examples have outputs or losses that are NaN or Inf, the first is example 7 (counted from 0)"
  std::string text(int64_t examples) const;

  // Throws Error (4) that begins with what was looked at ("the test data") where there are any.
  void throw_if_any(const std::string& of, int64_t examples) const;

 private:
  int64_t count_ = 0;
  int64_t first_ = 0;
};

}  // namespace actlab
