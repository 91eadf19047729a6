#include "data/idx_files.h"

#include <algorithm>
#include <string>

#include "core/error.h"
#include "data/downloads.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

std::string size_text(int64_t height, int64_t width) {
  return std::to_string(height) + " x " + std::to_string(width);
}

void check_labels(const Bytes& labels, int64_t classes, const std::filesystem::path& file) {
  const auto bad = std::ranges::find_if(labels, [&](uint8_t label) { return label >= classes; });
  if (bad == labels.end()) return;
  const auto index = bad - labels.begin();
  throw Error(ExitStatus::kData, file.string() + ": at byte " + std::to_string(kIdxLabelHeader + index) +
                                     ": label " + std::to_string(*bad) + " of example " +
                                     std::to_string(index) + " is out of range; there are classes 0 to " +
                                     std::to_string(classes - 1));
}

}  // namespace

void IdxFilesOptions::check(const Node& section, const ReadContext& context) const {
  for (const char* key : {"train_images", "train_labels", "test_images", "test_labels"}) {
    if (section.find(key) == nullptr)
      context.inside(key).fail(section, "is missing; give the path of an IDX file");
  }
  check_common(section, context, stated_shape());
}

Part read_idx_pair(const std::filesystem::path& image_file, const std::filesystem::path& label_file,
                   std::optional<int64_t> classes, const ImagesCheck& check) {
  Bytes labels;
  IdxImages images = read_idx_images(image_file, kMappedFrom, [&](const IdxImages& announced) {
    if (check) check(announced);
    labels = read_idx_labels(label_file, [&](int64_t count) {
      if (count == announced.count) return;
      throw Error(ExitStatus::kData, image_file.string() + " holds " + std::to_string(announced.count) +
                                         " images (at byte 4), but " + label_file.string() + " holds " +
                                         std::to_string(count) + " labels (at byte 4)");
    });
  });
  const int64_t known = classes.value_or(int64_t{*std::ranges::max_element(labels)} + 1);
  check_labels(labels, known, label_file);
  auto source = std::make_shared<Source>();
  source->shape = {1, images.height, images.width};
  source->samples = std::move(images.pixels);
  source->labels.assign(labels.begin(), labels.end());
  return {std::move(source), known};
}

RawData IdxFilesOptions::load(int64_t) const {
  for (const auto& file : {train_images, train_labels, test_images, test_labels}) {
    if (fs::exists(file)) continue;
    throw Error(ExitStatus::kData,
                "cannot open " + file.string() + ": No such file or directory" + similar_file(file));
  }
  RawData data;
  data.class_names = classes.names;
  data.train = read_idx_pair(train_images, train_labels, classes.value);
  if (data.train.shape().classes < 2) {
    throw Error(ExitStatus::kData,
                train_labels.string() +
                    ": every label is 0, and a classifier needs two classes; if that is meant, set "
                    "data.classes");
  }
  const ExampleShape shape = data.train.shape();
  data.test = read_idx_pair(test_images, test_labels, shape.classes, [&](const IdxImages& images) {
    if (images.height == shape.height && images.width == shape.width) return;
    throw Error(ExitStatus::kData, test_images.string() + ": at byte 8: images of " +
                                       size_text(images.height, images.width) + " pixels, but those of " +
                                       train_images.string() + " are " +
                                       size_text(shape.height, shape.width));
  });
  return data;
}

}  // namespace actlab
