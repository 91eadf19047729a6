#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>

#include "data/dataset.h"

namespace actlab {

// Some examples, ready for a model.
struct Batch {
  torch::Tensor inputs;  // [N, C, H, W] float32, normalised
  torch::Tensor labels;  // [N] int64, or targets [N, outputs] float32
};

// How numbers as they are stored become inputs: number * scale + shift.
struct Scaling {
  torch::Tensor scale;  // [C, 1, 1] float32
  torch::Tensor shift;
};
Scaling scaling_of(const Normalization& normalization, SampleType type, torch::Device device);

// Batches of a part's examples, gathered, converted and normalised in one pass: on the CPU from where the
// samples lie, on a GPU from a copy there, bytes as bytes. A quarter of the memory of floats, and no slower.
class Loader {
 public:
  // `channels_last`: lay inputs out so, also with one channel (where contiguous() would not, and convolutions
  // would then run in the slower layout).
  Loader(const Part& data, const Normalization& normalization, torch::Device device, bool channels_last);

  int64_t size() const { return data_.size(); }

  // The examples of these indices, in their order. Each index in [0, size()).
  Batch gather(std::span<const int64_t> indices) const;

  // Of `count` examples spread evenly over all, which may be sorted, those from number `first` on: `n`.
  Batch gather_spread(int64_t first, int64_t n, int64_t count) const;

 private:
  torch::Tensor gather_inputs_cpu(std::span<const int64_t> indices) const;
  torch::Tensor gather_inputs(const torch::Tensor& indices) const;
  // Into rows that begin at `to`, one an index; samples are made of that type.
  template <class Number>
  void convert_samples(std::span<const int64_t> indices, float* to) const;

  Part data_;
  torch::Device device_;
  torch::Tensor samples_;  // [N, C, H, W] uint8 or float32; undefined on the CPU
  torch::Tensor labels_;   // [N] int64, or [N, outputs] float32
  Scaling scaling_;
  torch::MemoryFormat layout_;
};

}  // namespace actlab
