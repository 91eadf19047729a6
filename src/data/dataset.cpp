#include "data/dataset.h"

#include <numeric>
#include <utility>

namespace actlab {

Part::Part(std::shared_ptr<const Source> source, int64_t classes)
    : source_(std::move(source)),
      rows_(static_cast<size_t>(source_->size())),
      labels_(source_->labels),
      classes_(classes) {
  std::iota(rows_.begin(), rows_.end(), 0);
}

Part::Part(const ExampleShape& shape, Bytes samples, std::vector<int64_t> labels)
    : Part(std::make_shared<const Source>(Source{.shape = shape,
                                                 .type = SampleType::kByte,
                                                 .samples = Block(std::move(samples)),
                                                 .labels = std::move(labels),
                                                 .targets = {},
                                                 .outputs = 0}),
           shape.classes) {}

ExampleShape Part::shape() const {
  return {source_->shape, classes_};
}

std::span<const float> Part::target(int64_t i) const {
  const auto outputs = static_cast<size_t>(source_->outputs);
  const auto row = static_cast<size_t>(rows_[static_cast<size_t>(i)]);
  return std::span(source_->targets).subspan(row * outputs, outputs);
}

Part Part::select(const std::vector<int64_t>& places) const {
  Part part;
  part.source_ = source_;
  part.classes_ = classes_;
  part.rows_.reserve(places.size());
  for (const int64_t place : places) {
    part.rows_.push_back(rows_[static_cast<size_t>(place)]);
    if (!labels_.empty()) part.labels_.push_back(labels_[static_cast<size_t>(place)]);
  }
  return part;
}

Part Part::relabelled(std::vector<int64_t> labels, int64_t classes) const {
  Part part = *this;
  part.labels_ = std::move(labels);
  part.classes_ = classes;
  return part;
}

}  // namespace actlab
