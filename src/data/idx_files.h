#pragma once

#include <filesystem>
#include <optional>

#include "data/classes.h"
#include "data/idx.h"
#include "data/options.h"
#include "data/prepare.h"

namespace actlab {

// Any grey images with labels in four IDX files.
struct IdxFilesOptions : DataOptions {
  std::filesystem::path train_images;
  std::filesystem::path train_labels;
  std::filesystem::path test_images;
  std::filesystem::path test_labels;
  Classes classes;

  template <class Visitor>
  void visit(Visitor& v) {
    v("train_images", train_images, "IDX file of the training images, plain or .gz");
    v("train_labels", train_labels, "IDX file of their labels");
    v("test_images", test_images, "IDX file of the test images");
    v("test_labels", test_labels, "IDX file of their labels");
    v("classes", classes, "names of the classes, or their number; auto: the largest training label and one",
      between(2, 256));
    DataOptions::visit(v);
  }

  ExampleShape stated_shape() const { return {1, 0, 0, classes.value.value_or(0)}; }
  // Reports files that are not given, too.
  void check(const Node& section, const ReadContext& context) const;
  // Throws Error(kData): a file is damaged, counts differ, a label is out of range, images of train and test
  // differ in size.
  RawData load(int64_t seed) const;
};

// Images and their labels. `classes` empty: as many as the largest label says. `check` is told the images'
// sizes before they are read, and may throw. Throws Error(kData) where a file is damaged, counts differ (no
// pixel is read then), or a label is not below `classes`.
Part read_idx_pair(const std::filesystem::path& images, const std::filesystem::path& labels,
                   std::optional<int64_t> classes, const ImagesCheck& check = {});

}  // namespace actlab
