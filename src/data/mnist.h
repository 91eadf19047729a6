#pragma once

#include <filesystem>

#include "data/classes.h"
#include "data/options.h"
#include "data/prepare.h"

namespace actlab {

// Handwritten digits: 60,000 and 10,000 grey images of 28 x 28 pixels in the four files of the original,
// under their original names, plain or with .gz. Sets in the same form (Fashion-MNIST) can be read as well.
struct MnistOptions : DataOptions {
  std::filesystem::path root =
      std::filesystem::absolute("data/mnist");  // where `actlab data fetch mnist` puts it
  Classes classes;

  template <class Visitor>
  void visit(Visitor& v) {
    v("root", root, "folder with the four IDX files, plain or .gz");
    v("classes", classes, "names of the ten classes, for sets in MNIST's form", kOnlyIfSet);
    DataOptions::visit(v);
  }

  ExampleShape stated_shape() const { return {1, 28, 28, 10}; }
  void check(const Node& section, const ReadContext& context) const;
  // Names the data "mnist" where they are the originals, else by their folder. Throws Error(kData): a file is
  // missing or damaged, counts differ, images are not 28 x 28, a label is above 9.
  RawData load(int64_t seed) const;
};

}  // namespace actlab
