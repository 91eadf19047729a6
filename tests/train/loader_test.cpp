#include "train/loader.h"

#include <gtest/gtest.h>
#include <torch/nn/modules/conv.h>

#include "data/data_files.h"

namespace actlab::test {
namespace {

Part dataset(int64_t n, int64_t channels) {
  Bytes pixels(static_cast<size_t>(n * channels * 6));
  std::vector<int64_t> labels;
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(i * 37);
  for (int64_t i = 0; i < n; ++i) labels.push_back(i % 5);
  return {{channels, 3, 2, 5}, pixels, labels};
}

torch::Tensor expected(const Part& data, const Normalization& norm, const std::vector<int64_t>& indices) {
  const Bytes all = samples_of(data);
  const auto pixels = torch::tensor(std::vector<int64_t>(all.begin(), all.end()), torch::kFloat64)
                          .reshape({data.size(), data.shape().channels, 3, 2});
  const auto channel = [](const std::vector<float>& v) {
    return torch::tensor(v).to(torch::kFloat64).reshape({-1, 1, 1});
  };
  return ((pixels / 255 - channel(norm.mean)) / channel(norm.std)).index_select(0, torch::tensor(indices));
}

TEST(Loader, GathersConvertsAndNormalisesInAnyLayout) {
  for (const int64_t channels : {1, 3}) {
    // Not in the order of the source, and not all of it.
    const Part data =
        dataset(30, channels).select({29, 28, 1, 2, 3, 4, 5, 9, 8, 7, 6, 10, 11, 12, 13, 14, 15, 16, 17, 18});
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
                  data.labels()[static_cast<size_t>(indices[i])]);
      }
    }
  }
}

TEST(Loader, SpreadsWhatItIsAskedForEvenlyOverAll) {
  const Part data = dataset(30, 1);
  const Loader loader(data, {{0}, {1}}, torch::kCPU, false);
  const auto is = [&](const Batch& batch, const std::vector<int64_t>& indices) {
    return batch.inputs.equal(loader.gather(indices).inputs) &&
           batch.labels.equal(loader.gather(indices).labels);
  };
  EXPECT_TRUE(is(loader.gather_spread(0, 4, 4), {0, 7, 15, 22}));
  EXPECT_TRUE(is(loader.gather_spread(2, 2, 4), {15, 22}));
  EXPECT_TRUE(is(loader.gather_spread(0, 3, 30), {0, 1, 2}));
}

TEST(Loader, TakesFloatsAndTargetsAsTheyAre) {
  const std::vector<float> numbers = {1, 2, 3, 4, 5, 6};
  const auto* bytes = reinterpret_cast<const uint8_t*>(numbers.data());
  const Source source{.shape = {1, 1, 2},
                      .type = SampleType::kFloat,
                      .samples = Block(Bytes(bytes, bytes + 6 * sizeof(float))),
                      .targets = {0.5F, 1.5F, 2.5F, 3.5F, 4.5F, 5.5F},
                      .outputs = 2};
  const Part part(std::make_shared<const Source>(source), 0);
  const Loader loader(part, {{1}, {2}}, torch::kCPU, false);
  const Batch batch = loader.gather(std::vector<int64_t>{2, 0});
  EXPECT_TRUE(at::equal(batch.inputs.flatten(), torch::tensor({2.0F, 2.5F, 0.0F, 0.5F})));
  EXPECT_TRUE(at::equal(batch.labels, torch::tensor({{4.5F, 5.5F}, {0.5F, 1.5F}})));
}

TEST(Loader, OneChannelBatchesMakeConvolutionsRunChannelsLast) {
  const Part data({1, 28, 28, 10}, Bytes(784 * 4), {0, 1, 2, 3});
  const Loader loader(data, {{0}, {1}}, torch::kCPU, true);
  const auto x = loader.gather(std::vector<int64_t>{0, 1, 2, 3}).inputs;
  EXPECT_EQ(x.strides(), (std::vector<int64_t>{784, 1, 28, 1}));
  torch::nn::Conv2d conv(torch::nn::Conv2dOptions(1, 8, 3).padding(1));
  conv->weight.set_data(conv->weight.contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(conv->forward(x).is_contiguous(torch::MemoryFormat::ChannelsLast));
}

}  // namespace
}  // namespace actlab::test
