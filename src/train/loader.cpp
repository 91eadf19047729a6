#include "train/loader.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace actlab {
namespace {

using torch::Tensor;

// Copies one channel of one image: `step` floats apart in the output. Compiled for several instruction sets,
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

// Rows are drawn at random, so the processor cannot guess the next one.
void prefetch(const uint8_t* row, int64_t bytes) {
  constexpr int64_t kCacheLine = 64;
  for (int64_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(row + i);
}

Tensor per_channel(const std::vector<float>& values) {
  return torch::tensor(values, torch::kFloat32).reshape({-1, 1, 1});
}

constexpr int64_t kAhead = 2;  // rows

}  // namespace

Loader::Loader(const Dataset& data, const Normalization& normalization, torch::Device device,
               bool channels_last)
    : shape_(data.shape),
      layout_(channels_last ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous) {
  pixels_ = torch::empty({data.size(), shape_.channels, shape_.height, shape_.width}, torch::kUInt8);
  std::copy(data.pixels.begin(), data.pixels.end(), pixels_.data_ptr<uint8_t>());
  labels_ = torch::empty({data.size()}, torch::kInt64);
  std::copy(data.labels.begin(), data.labels.end(), labels_.data_ptr<int64_t>());
  const Tensor std = per_channel(normalization.std);
  scale_ = (1 / (255 * std)).to(device);
  shift_ = (-per_channel(normalization.mean) / std).to(device);
  pixels_ = pixels_.to(device);
  labels_ = labels_.to(device);
}

Batch Loader::gather(std::span<const int64_t> indices) const {
  const auto count = static_cast<int64_t>(indices.size());
  // from_blob only reads: index_select does not change its index.
  const Tensor index = torch::from_blob(const_cast<int64_t*>(indices.data()), {count}, torch::kInt64);
  if (pixels_.is_cpu()) return {gather_inputs_cpu(indices), labels_.index_select(0, index)};
  const Tensor on_device = index.to(pixels_.device());
  return {gather_inputs(on_device), labels_.index_select(0, on_device)};
}

Tensor Loader::gather_inputs_cpu(std::span<const int64_t> indices) const {
  const auto count = static_cast<int64_t>(indices.size());
  Tensor inputs = torch::empty({count, shape_.channels, shape_.height, shape_.width},
                               torch::TensorOptions().memory_format(layout_));
  const int64_t area = shape_.height * shape_.width;
  const int64_t step = layout_ == torch::MemoryFormat::ChannelsLast ? shape_.channels : 1;
  const uint8_t* from = pixels_.const_data_ptr<uint8_t>();
  const float* scale = scale_.const_data_ptr<float>();
  const float* shift = shift_.const_data_ptr<float>();
  float* to = inputs.data_ptr<float>();
  // Waking a thread costs as much as converting this many.
  constexpr int64_t kPixelsWorthAThread = 1 << 18;
  const int64_t grain = std::max<int64_t>(1, kPixelsWorthAThread / shape_.pixels());
  at::parallel_for(0, count, grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      if (i + kAhead < end)
        prefetch(from + indices[static_cast<size_t>(i + kAhead)] * shape_.pixels(), shape_.pixels());
      for (int64_t c = 0; c < shape_.channels; ++c) {
        convert(from + indices[i] * shape_.pixels() + c * area,
                to + i * shape_.pixels() + (step == 1 ? c * area : c), area, step, scale[c], shift[c]);
      }
    }
  });
  return inputs;
}

Tensor Loader::gather_inputs(const Tensor& indices) const {
  const Tensor bytes = pixels_.index_select(0, indices);
  // Made in its layout, as contiguous() would leave one channel in the other one.
  Tensor inputs = torch::empty(bytes.sizes(), shift_.options().memory_format(layout_));
  return at::addcmul_out(inputs, shift_, bytes, scale_);
}

Batch Loader::gather_spread(int64_t first, int64_t n, int64_t count) const {
  std::vector<int64_t> indices(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) indices[static_cast<size_t>(i)] = (first + i) * size() / count;
  return gather(indices);
}

}  // namespace actlab
