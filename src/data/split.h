#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.h"

namespace actlab {

// How many of `examples` the option `validation` asks for: 0 is none, below 1 a fraction (rounded, at least
// one example), from 1 on a count. Throws Error(kData) when that leaves nothing to train on.
int64_t validation_count(double validation, int64_t examples);

// Which examples make the validation part: `count` of them, ascending. Each class gives its share, and the
// largest remainders make the total exact (without classes, all are as one); which ones is a pure function of
// labels and seed (stream "split").
std::vector<int64_t> validation_rows(const Part& data, int64_t count, int64_t seed);

struct Split {
  Part train;       // what is left, in its order
  Part validation;  // may be empty
};

Split split_validation(const Part& data, double validation, int64_t seed);

}  // namespace actlab
