#include "data/prepare.h"

#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "data/split.h"
#include "data/warnings.h"

namespace actlab {
namespace {

Part first_of(const Part& data, int64_t limit) {
  if (limit == 0 || limit >= data.size()) return data;
  std::vector<int64_t> places(static_cast<size_t>(limit));
  std::iota(places.begin(), places.end(), 0);
  return data.select(places);
}

Part make_task(const Part& raw, const DataOptions& options, const std::string& part) {
  const Part data = apply_labels(raw, options.labels);
  if (data.size() == 0) {
    throw Error(ExitStatus::kData, "the " + part + " data hold no example of the classes in data.labels");
  }
  return first_of(data, options.limit);
}

// A number as bytes that are the same on every machine.
void put_number(Bytes& bytes, int64_t number) {
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<uint8_t>(number >> shift));
}

// Shape and size of a part.
Bytes header(const Part& data) {
  const ExampleShape shape = data.shape();
  Bytes bytes;
  for (const int64_t number : {data.size(), shape.channels, shape.height, shape.width, shape.classes})
    put_number(bytes, number);
  return bytes;
}

// A byte a label where that is enough.
Bytes label_bytes(const Part& data) {
  Bytes bytes;
  const bool small = data.shape().classes <= 256;
  for (const int64_t label : data.labels()) {
    if (small) {
      bytes.push_back(static_cast<uint8_t>(label));
    } else {
      put_number(bytes, label);
    }
  }
  return bytes;
}

std::string fingerprint(std::initializer_list<const Part*> parts) {
  std::vector<Bytes> kept;
  kept.reserve(6);  // the spans below look into them
  std::vector<std::span<const uint8_t>> spans;
  for (const Part* part : parts) {
    spans.emplace_back(kept.emplace_back(header(*part)));
    for (int64_t i = 0; i < part->size(); ++i) spans.push_back(part->sample(i));
    spans.emplace_back(kept.emplace_back(label_bytes(*part)));
    for (int64_t i = 0; i < part->size() && part->source().outputs > 0; ++i) {
      const auto target = std::as_bytes(part->target(i));
      spans.emplace_back(reinterpret_cast<const uint8_t*>(target.data()), target.size());
    }
  }
  return sha256(spans);
}

}  // namespace

DataParts prepare(const RawData& data, const DataOptions& options, int64_t seed) {
  const int64_t classes = data.train.shape().classes;
  const std::string mistake = label_mistake(options.labels, classes);
  if (!mistake.empty()) throw Error(ExitStatus::kData, "data.labels: " + mistake);
  DataParts parts;
  parts.name = data.name;
  parts.class_names = class_names(options.labels, classes, data.class_names);
  parts.test = make_task(data.test, options, "test");
  Split split = split_validation(make_task(data.train, options, "training"), options.validation, seed);
  parts.train = std::move(split.train);
  parts.validation = std::move(split.validation);
  parts.normalization = make_normalization(options.normalize, parts.train);
  parts.fingerprint = fingerprint({&parts.train, &parts.validation, &parts.test});
  parts.test_fingerprint = fingerprint({&parts.test});
  parts.warnings = warnings_on(parts, options);
  return parts;
}

}  // namespace actlab
