#include "data/split.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "core/random.h"
#include "core/test_support.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// `sizes[c]` examples of class c, mixed.
Part mixed(const std::vector<int64_t>& sizes) {
  std::vector<int64_t> sorted;
  for (size_t c = 0; c < sizes.size(); ++c)
    sorted.insert(sorted.end(), static_cast<size_t>(sizes[c]), static_cast<int64_t>(c));
  std::vector<int64_t> labels;
  for (const int64_t i : permutation(std::ssize(sorted), 5)) labels.push_back(sorted[static_cast<size_t>(i)]);
  return labelled(labels, std::ssize(sizes));
}

std::vector<int64_t> class_sizes(const Part& data) {
  std::vector<int64_t> sizes(static_cast<size_t>(data.shape().classes));
  for (const int64_t label : data.labels()) ++sizes[static_cast<size_t>(label)];
  return sizes;
}

TEST(Split, FractionsAreRoundedAndCountsTakenAsTheyAre) {
  EXPECT_EQ(validation_count(0, 100), 0);
  EXPECT_EQ(validation_count(0.1, 100), 10);
  EXPECT_EQ(validation_count(0.1, 60000), 6000);
  EXPECT_EQ(validation_count(0.125, 100), 13);
  EXPECT_EQ(validation_count(0.001, 100), 1);
  EXPECT_EQ(validation_count(1, 100), 1);
  EXPECT_EQ(validation_count(99, 100), 99);
}

TEST(Split, SomethingMustBeLeftToTrainOn) {
  for (const double validation : {100.0, 1e9, 0.999}) {
    EXPECT_THAT(error_of([&] { validation_count(validation, 100); }, ExitStatus::kData),
                testing::AllOf(HasSubstr("data.validation"), HasSubstr("100")));
  }
  EXPECT_NE(error_of([] { validation_count(0.5, 1); }, ExitStatus::kData), "");
}

TEST(Split, EachClassGivesItsShare) {
  const Split split = split_validation(mixed({50, 30, 20}), 0.1, 1);
  EXPECT_THAT(class_sizes(split.validation), ElementsAre(5, 3, 2));
  EXPECT_THAT(class_sizes(split.train), ElementsAre(45, 27, 18));
}

// Quotas 3.5, 2.1, 1.4: the first and the last digit after the point are the largest.
TEST(Split, LargestRemaindersMakeTheTotalExact) {
  const Split split = split_validation(mixed({50, 30, 20}), 7, 1);
  EXPECT_THAT(class_sizes(split.validation), ElementsAre(4, 2, 1));
}

TEST(Split, TotalIsExactForManySizes) {
  SplitMix64 random(1);
  for (int i = 0; i < 300; ++i) {
    std::vector<int64_t> sizes;
    for (int c = 0; c < 7; ++c) sizes.push_back(static_cast<int64_t>(random.below(30)));
    sizes.push_back(2);
    const Part data = mixed(sizes);
    const auto count = static_cast<int64_t>(1 + random.below(static_cast<uint64_t>(data.size() - 1)));
    const Split split = split_validation(data, static_cast<double>(count), i);
    ASSERT_EQ(split.validation.size(), count);
    ASSERT_EQ(split.train.size(), data.size() - count);
    for (size_t c = 0; c < sizes.size(); ++c) {
      const double quota = static_cast<double>(count * sizes[c]) / static_cast<double>(data.size());
      ASSERT_NEAR(static_cast<double>(class_sizes(split.validation)[c]), quota, 1.0);
    }
  }
}

TEST(Split, PartsAreDisjointAndKeepTheirOrder) {
  const Part data = mixed({40, 40});
  const Split split = split_validation(data, 0.25, 1);
  const Bytes train = samples_of(split.train);
  EXPECT_TRUE(std::ranges::is_sorted(train));
  EXPECT_TRUE(std::ranges::is_sorted(samples_of(split.validation)));
  Bytes all = train + samples_of(split.validation);
  std::ranges::sort(all);
  EXPECT_EQ(all, samples_of(data));
  for (int64_t i = 0; i < split.train.size(); ++i) {
    const auto at = static_cast<size_t>(i);
    EXPECT_EQ(split.train.labels()[at], data.labels()[train[at]]);
  }
}

TEST(Split, DependsOnTheSeedAlone) {
  const Part data = mixed({60, 60});
  EXPECT_EQ(validation_rows(data, 20, 1), validation_rows(data, 20, 1));
  EXPECT_NE(validation_rows(data, 20, 1), validation_rows(data, 20, 2));
}

TEST(Split, NoneLeavesAllAsItIs) {
  const Part data = mixed({5, 5});
  const Split split = split_validation(data, 0, 1);
  EXPECT_EQ(samples_of(split.train), samples_of(data));
  EXPECT_EQ(split.validation.size(), 0);
  EXPECT_EQ(split.validation.shape(), data.shape());
}

TEST(Split, WithoutClassesAllAreAsOne) {
  Source source{.shape = {1, 1, 1}, .samples = Block(ramp(10)), .targets = {}, .outputs = 1};
  for (int i = 0; i < 10; ++i) source.targets.push_back(static_cast<float>(i));
  const Split split = split_validation({std::make_shared<const Source>(source), 0}, 0.3, 1);
  EXPECT_EQ(split.validation.size(), 3);
  EXPECT_EQ(split.train.size(), 7);
  EXPECT_EQ(split.validation.sample(0)[0], static_cast<uint8_t>(7 * split.validation.target(0)[0]));
}

}  // namespace
}  // namespace actlab::test
