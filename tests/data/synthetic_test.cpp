#include "data/synthetic.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Mean image of each class.
std::vector<std::vector<double>> class_means(const Part& data) {
  const auto pixels = static_cast<size_t>(data.shape().features());
  std::vector<std::vector<double>> means(static_cast<size_t>(data.shape().classes),
                                         std::vector<double>(pixels));
  std::vector<double> counts(means.size());
  for (int64_t i = 0; i < data.size(); ++i) {
    const auto label = static_cast<size_t>(data.labels()[static_cast<size_t>(i)]);
    ++counts[label];
    for (size_t p = 0; p < pixels; ++p) means[label][p] += data.sample(i)[p];
  }
  for (size_t c = 0; c < means.size(); ++c) {
    for (double& value : means[c]) value /= counts[c];
  }
  return means;
}

// Share of examples whose nearest class mean is their own: what a simple linear classifier reaches.
double nearest_mean_accuracy(const RawData& data) {
  const auto means = class_means(data.train);
  const auto pixels = static_cast<size_t>(data.test.shape().features());
  int64_t right = 0;
  for (int64_t i = 0; i < data.test.size(); ++i) {
    size_t best = 0;
    double least = std::numeric_limits<double>::max();
    for (size_t c = 0; c < means.size(); ++c) {
      double distance = 0;
      for (size_t p = 0; p < pixels; ++p) {
        const double d = data.test.sample(i)[p] - means[c][p];
        distance += d * d;
      }
      if (distance < least) {
        least = distance;
        best = c;
      }
    }
    if (static_cast<int64_t>(best) == data.test.labels()[static_cast<size_t>(i)]) ++right;
  }
  return static_cast<double>(right) / static_cast<double>(data.test.labels().size());
}

TEST(Synthetic, DefaultsAreImagesLikeMnistInTenClasses) {
  const RawData data = SyntheticOptions().load(1);
  EXPECT_EQ(data.train.shape(), (ExampleShape{1, 28, 28, 10}));
  EXPECT_EQ(data.test.shape(), data.train.shape());
  EXPECT_EQ(data.train.size(), 1000);
  EXPECT_EQ(data.test.size(), 200);
  EXPECT_EQ(samples_of(data.train).size(), 784'000U);
  for (int64_t c = 0; c < 10; ++c) EXPECT_EQ(std::ranges::count(data.train.labels(), c), 100);
}

TEST(Synthetic, CanBeLearnedButNotTrivially) {
  for (int64_t seed = 1; seed <= 3; ++seed) {
    SyntheticOptions options;
    options.test_examples = 1000;
    const double accuracy = nearest_mean_accuracy(options.load(seed));
    EXPECT_GT(accuracy, 0.85) << seed;
    EXPECT_LT(accuracy, 0.995) << seed;
  }
}

TEST(Synthetic, NoiseMakesItHarder) {
  SyntheticOptions options;
  options.noise = 0;
  EXPECT_EQ(nearest_mean_accuracy(options.load(1)), 1);
  options.noise = 1;
  EXPECT_LT(nearest_mean_accuracy(options.load(1)), 0.7);
}

TEST(Synthetic, ImagesAreSmoothAndUseTheRange) {
  const Bytes pixels = samples_of(SyntheticOptions().load(1).train);
  double step = 0;
  for (size_t i = 1; i < pixels.size(); ++i) {
    if (i % 28 != 0) step += std::abs(pixels[i] - pixels[i - 1]);
  }
  EXPECT_LT(step / static_cast<double>(pixels.size()), 20);
  const auto [darkest, brightest] = std::ranges::minmax(pixels);
  EXPECT_EQ(darkest, 0);
  EXPECT_EQ(brightest, 255);
}

TEST(Synthetic, DependsOnTheSeedAlone) {
  const SyntheticOptions options;
  EXPECT_EQ(samples_of(options.load(1).train), samples_of(options.load(1).train));
  EXPECT_NE(samples_of(options.load(1).train), samples_of(options.load(2).train));
}

TEST(Synthetic, TrainAndTestAreDrawnApart) {
  SyntheticOptions options;
  options.examples = options.test_examples = 50;
  const RawData data = options.load(1);
  EXPECT_NE(samples_of(data.train), samples_of(data.test));
}

TEST(Synthetic, MoreExamplesBeginWithTheSame) {
  SyntheticOptions options;
  options.examples = 10;
  const Bytes few = samples_of(options.load(1).train);
  options.examples = 20;
  Bytes many = samples_of(options.load(1).train);
  many.resize(few.size());
  EXPECT_EQ(many, few);
}

TEST(Synthetic, ShapeHasOneToThreeNumbers) {
  SyntheticOptions options;
  options.classes = 3;
  options.shape = {20};
  EXPECT_EQ(options.stated_shape(), (ExampleShape{1, 1, 20, 3}));
  EXPECT_GT(nearest_mean_accuracy(options.load(1)), 0.8);
  options.shape = {5, 6};
  EXPECT_EQ(options.stated_shape(), (ExampleShape{1, 5, 6, 3}));
  options.shape = {3, 5, 6};
  EXPECT_EQ(options.stated_shape(), (ExampleShape{3, 5, 6, 3}));
  EXPECT_GT(nearest_mean_accuracy(options.load(1)), 0.8);
}

TEST(Synthetic, TheSmallestExampleHasOnePixel) {
  SyntheticOptions options;
  options.shape = {1};
  options.classes = 2;
  EXPECT_EQ(samples_of(options.load(1).train).size(), 1000U);
}

std::string synthetic_problems(const std::string& section) {
  Problems problems;
  const Node node = yaml(section);
  const ReadContext context{"data", problems};
  read_options<SyntheticOptions>(node, context).check(node, context);
  return problems.text();
}

TEST(Synthetic, LimitsAreChecked) {
  EXPECT_EQ(synthetic_problems("{type: synthetic}"), "");
  EXPECT_EQ(synthetic_problems("{shape: [1, 65536, 1024], examples: 32, test_examples: 32}"), "");
  EXPECT_THAT(synthetic_problems("{shape: [1, 65536, 1024], examples: 32, test_examples: 33}"),
              HasSubstr("4 GiB"));
  EXPECT_THAT(synthetic_problems("{shape: [1048576, 1048576, 1048576], examples: 1000000000}"),
              HasSubstr("4 GiB"));
  EXPECT_THAT(synthetic_problems("{shape: []}"), HasSubstr("data.shape"));
  EXPECT_THAT(synthetic_problems("{shape: [1, 2, 3, 4]}"), HasSubstr("data.shape"));
  EXPECT_THAT(synthetic_problems("{shape: [0]}"), HasSubstr("data.shape"));
  EXPECT_THAT(synthetic_problems("{classes: 1}"), HasSubstr("data.classes"));
  EXPECT_THAT(synthetic_problems("{classes: 257}"), HasSubstr("data.classes"));
  EXPECT_THAT(synthetic_problems("{examples: 0}"), HasSubstr("data.examples"));
  EXPECT_THAT(synthetic_problems("{noise: -0.1}"), HasSubstr("data.noise"));
  EXPECT_THAT(synthetic_problems("{classes: 3, labels: {positive: [3]}}"),
              AllOf(HasSubstr("data.labels"), HasSubstr("0 to 2")));
  EXPECT_THAT(synthetic_problems("{shape: [3, 8, 8], normalize: {mean: [0, 0], std: 1}}"),
              HasSubstr("data.normalize"));
}

}  // namespace
}  // namespace actlab::test
