#include "train/loader.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

Dataset dataset(int64_t n, int64_t channels) {
  Dataset data{
      {channels, 3, 2, 5}, Bytes(static_cast<size_t>(n * channels * 6)), Bytes(static_cast<size_t>(n))};
  for (size_t i = 0; i < data.pixels.size(); ++i) data.pixels[i] = static_cast<uint8_t>(i * 37);
  for (size_t i = 0; i < data.labels.size(); ++i) data.labels[i] = static_cast<uint8_t>(i % 5);
  return data;
}

torch::Tensor expected(const Dataset& data, const Normalization& norm, const std::vector<int64_t>& indices) {
  const auto pixels =
      torch::tensor(std::vector<int64_t>(data.pixels.begin(), data.pixels.end()), torch::kFloat64)
          .reshape({data.size(), data.shape.channels, 3, 2});
  const auto channel = [](const std::vector<float>& v) {
    return torch::tensor(v).to(torch::kFloat64).reshape({-1, 1, 1});
  };
  return ((pixels / 255 - channel(norm.mean)) / channel(norm.std)).index_select(0, torch::tensor(indices));
}

TEST(Loader, GathersConvertsAndNormalisesInAnyLayout) {
  for (const int64_t channels : {1, 3}) {
    const Dataset data = dataset(20, channels);
    const Normalization norm{std::vector<float>(static_cast<size_t>(channels), 0.13F),
                             std::vector<float>(static_cast<size_t>(channels), 0.31F)};
    const std::vector<int64_t> indices = {19, 0, 7, 7, 3};
    for (const bool channels_last : {false, true}) {
      const Loader loader(data, norm, torch::kCPU, channels_last);
      const Batch batch = loader.gather(indices);
      EXPECT_TRUE(
          torch::allclose(batch.inputs.to(torch::kFloat64), expected(data, norm, indices), 1e-5, 1e-5));
      for (size_t i = 0; i < indices.size(); ++i) {
        EXPECT_EQ(batch.labels[static_cast<int64_t>(i)].item<int64_t>(),
                  data.labels[static_cast<size_t>(indices[i])]);
      }
    }
  }
}

TEST(Loader, OneChannelBatchesMakeConvolutionsRunChannelsLast) {
  Dataset data{{1, 28, 28, 10}, Bytes(784 * 4), Bytes(4)};
  const Loader loader(data, {{0}, {1}}, torch::kCPU, true);
  const auto x = loader.gather(std::vector<int64_t>{0, 1, 2, 3}).inputs;
  EXPECT_EQ(x.strides(), (std::vector<int64_t>{784, 1, 28, 1}));
  torch::nn::Conv2d conv(torch::nn::Conv2dOptions(1, 8, 3).padding(1));
  conv->weight.set_data(conv->weight.contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(conv->forward(x).is_contiguous(torch::MemoryFormat::ChannelsLast));
}

}  // namespace
}  // namespace actlab
