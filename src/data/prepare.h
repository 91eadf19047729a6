#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/options.h"

namespace actlab {

// What a type of data loads: labels as they stand in the files, both parts of one shape.
struct RawData {
  Part train;
  Part test;
  std::vector<std::string> class_names = {};  // one a class; empty: their numbers
  std::string name = {};                      // what the data are; empty: what their type is called
};

// From loaded data to what a run needs: labels, then limit, then the validation split, then normalization by
// what is left to train on. Throws Error(kData) where the options do not fit the data, or leave a part empty.
DataParts prepare(const RawData& data, const DataOptions& options, int64_t seed);

}  // namespace actlab
