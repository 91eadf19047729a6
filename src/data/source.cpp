#include "data/source.h"

namespace actlab {

int64_t Source::size() const {
  return outputs > 0 ? std::ssize(targets) / outputs : std::ssize(labels);
}

int64_t Source::sample_bytes() const {
  return shape.features() * (type == SampleType::kFloat ? static_cast<int64_t>(sizeof(float)) : 1);
}

std::span<const uint8_t> Source::sample(int64_t row) const {
  const auto bytes = static_cast<size_t>(sample_bytes());
  return samples.bytes().subspan(static_cast<size_t>(row) * bytes, bytes);
}

}  // namespace actlab
