#include "train/loader.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace actlab {
namespace {

using torch::Tensor;

// Copies one channel of one sample: `step` floats apart in the output. Compiled for several instruction sets,
// the best of which is chosen when the program starts.
__attribute__((target_clones("avx512f", "avx2", "default"))) void convert(const uint8_t* in, float* out,
                                                                          int64_t count, int64_t step,
                                                                          float scale, float shift) {
  if (step == 1) {
    for (int64_t i = 0; i < count; ++i) out[i] = static_cast<float>(in[i]) * scale + shift;
  } else {
    for (int64_t i = 0; i < count; ++i) out[i * step] = static_cast<float>(in[i]) * scale + shift;
  }
}

void convert(const float* in, float* out, int64_t count, int64_t step, float scale, float shift) {
  for (int64_t i = 0; i < count; ++i) out[i * step] = in[i] * scale + shift;
}

// Rows are drawn at random, so the processor cannot guess the next one.
void prefetch(std::span<const uint8_t> sample) {
  constexpr size_t kCacheLine = 64;
  for (size_t i = 0; i < sample.size(); i += kCacheLine) __builtin_prefetch(sample.data() + i);
}

Tensor per_channel(const std::vector<float>& values) {
  return torch::tensor(values, torch::kFloat32).reshape({-1, 1, 1});
}

constexpr int64_t kAhead = 2;  // rows

Tensor labels_of(const Part& data) {
  if (data.source().outputs == 0) return torch::tensor(data.labels(), torch::kInt64);
  Tensor targets = torch::empty({data.size(), data.source().outputs}, torch::kFloat32);
  auto* to = targets.data_ptr<float>();
  for (int64_t i = 0; i < data.size(); ++i) to = std::ranges::copy(data.target(i), to).out;
  return targets;
}

Tensor samples_of(const Part& data) {
  const ExampleShape shape = data.shape();
  const bool bytes = data.source().type == SampleType::kByte;
  Tensor samples = torch::empty({data.size(), shape.channels, shape.height, shape.width},
                                bytes ? torch::kUInt8 : torch::kFloat32);
  auto* to = static_cast<uint8_t*>(samples.data_ptr());
  for (int64_t i = 0; i < data.size(); ++i) to = std::ranges::copy(data.sample(i), to).out;
  return samples;
}

}  // namespace

Scaling scaling_of(const Normalization& normalization, SampleType type, torch::Device device) {
  const double whole = type == SampleType::kByte ? 255 : 1;
  const Tensor std = per_channel(normalization.std);
  return {(1 / (whole * std)).to(device), (-per_channel(normalization.mean) / std).to(device)};
}

Loader::Loader(const Part& data, const Normalization& normalization, torch::Device device, bool channels_last)
    : data_(data),
      device_(device),
      labels_(labels_of(data).to(device)),
      scaling_(scaling_of(normalization, data.source().type, device)),
      layout_(channels_last ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous) {
  if (!device.is_cpu()) samples_ = samples_of(data).to(device);
}

Batch Loader::gather(std::span<const int64_t> indices) const {
  const auto count = static_cast<int64_t>(indices.size());
  // from_blob only reads: index_select does not change its index.
  const Tensor index = torch::from_blob(const_cast<int64_t*>(indices.data()), {count}, torch::kInt64);
  if (device_.is_cpu()) return {gather_inputs_cpu(indices), labels_.index_select(0, index)};
  const Tensor on_device = index.to(device_);
  return {gather_inputs(on_device), labels_.index_select(0, on_device)};
}

Tensor Loader::gather_inputs_cpu(std::span<const int64_t> indices) const {
  const ExampleShape shape = data_.shape();
  Tensor inputs =
      torch::empty({static_cast<int64_t>(indices.size()), shape.channels, shape.height, shape.width},
                   torch::TensorOptions().memory_format(layout_));
  if (data_.source().type == SampleType::kByte) {
    convert_samples<uint8_t>(indices, inputs.data_ptr<float>());
  } else {
    convert_samples<float>(indices, inputs.data_ptr<float>());
  }
  return inputs;
}

template <class Number>
void Loader::convert_samples(std::span<const int64_t> indices, float* to) const {
  const ExampleShape shape = data_.shape();
  const int64_t features = shape.features();
  const int64_t area = shape.height * shape.width;
  const int64_t step = layout_ == torch::MemoryFormat::ChannelsLast ? shape.channels : 1;
  const float* scale = scaling_.scale.const_data_ptr<float>();
  const float* shift = scaling_.shift.const_data_ptr<float>();
  // Waking a thread costs as much as converting this many.
  constexpr int64_t kNumbersWorthAThread = 1 << 18;
  const int64_t grain = std::max<int64_t>(1, kNumbersWorthAThread / features);
  at::parallel_for(0, std::ssize(indices), grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      if (i + kAhead < end) prefetch(data_.sample(indices[static_cast<size_t>(i + kAhead)]));
      const auto* from =
          reinterpret_cast<const Number*>(data_.sample(indices[static_cast<size_t>(i)]).data());
      for (int64_t c = 0; c < shape.channels; ++c) {
        convert(from + c * area, to + i * features + (step == 1 ? c * area : c), area, step, scale[c],
                shift[c]);
      }
    }
  });
}

Tensor Loader::gather_inputs(const Tensor& indices) const {
  const Tensor bytes = samples_.index_select(0, indices);
  // Made in its layout, as contiguous() would leave one channel in the other one.
  Tensor inputs = torch::empty(bytes.sizes(), scaling_.shift.options().memory_format(layout_));
  return at::addcmul_out(inputs, scaling_.shift, bytes, scaling_.scale);
}

Batch Loader::gather_spread(int64_t first, int64_t n, int64_t count) const {
  std::vector<int64_t> indices(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) indices[static_cast<size_t>(i)] = (first + i) * size() / count;
  return gather(indices);
}

}  // namespace actlab
