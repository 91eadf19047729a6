#include "data/prepare.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/error.h"
#include "data/split.h"

namespace actlab {
namespace {

void keep_first(Dataset& data, int64_t limit) {
  if (limit == 0 || limit >= data.size()) return;
  data.labels.resize(static_cast<size_t>(limit));
  data.pixels.resize(static_cast<size_t>(limit * data.shape.pixels()));
}

Dataset make_task(Dataset raw, const DataOptions& options, const std::string& part) {
  Dataset data = apply_labels(std::move(raw), options.labels);
  if (data.size() == 0) {
    throw Error(ExitStatus::kData, "the " + part + " data hold no example of the classes in data.labels");
  }
  keep_first(data, options.limit);
  return data;
}

// Shape and size of a part, as bytes that are the same on every machine.
Bytes header(const Dataset& data) {
  Bytes bytes;
  for (const int64_t number :
       {data.size(), data.shape.channels, data.shape.height, data.shape.width, data.shape.classes}) {
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<uint8_t>(number >> shift));
  }
  return bytes;
}

std::string fingerprint(const DataParts& parts) {
  const Bytes train = header(parts.train);
  const Bytes validation = header(parts.validation);
  const Bytes test = header(parts.test);
  return sha256({train, parts.train.pixels, parts.train.labels, validation, parts.validation.pixels,
                 parts.validation.labels, test, parts.test.pixels, parts.test.labels});
}

}  // namespace

DataParts prepare(RawData data, const DataOptions& options, int64_t seed) {
  const int64_t classes = data.train.shape.classes;
  const std::string mistake = label_mistake(options.labels, classes);
  if (!mistake.empty()) throw Error(ExitStatus::kData, "data.labels: " + mistake);
  DataParts parts;
  parts.class_names = class_names(options.labels, classes);
  parts.test = make_task(std::move(data.test), options, "test");
  Split split =
      split_validation(make_task(std::move(data.train), options, "training"), options.validation, seed);
  parts.train = std::move(split.train);
  parts.validation = std::move(split.validation);
  parts.normalization = make_normalization(options.normalize, parts.train);
  parts.fingerprint = fingerprint(parts);
  return parts;
}

}  // namespace actlab
