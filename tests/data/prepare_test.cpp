#include "data/prepare.h"

#include <gmock/gmock.h>

#include "core/test_support.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = LabelChoice::Kind;

// 100 training examples of the classes 0, 1, 2, 3 in turn, and 20 for the test.
RawData four_classes() {
  std::vector<int64_t> train, test;
  for (int64_t i = 0; i < 100; ++i) train.push_back(i % 4);
  for (int64_t i = 0; i < 20; ++i) test.push_back(i % 4);
  return {labelled(train, 4), labelled(test, 4)};
}

TEST(Prepare, WithoutOptionsKeepsEverything) {
  const DataParts parts = prepare(four_classes(), {}, 1);
  EXPECT_EQ(samples_of(parts.train), samples_of(four_classes().train));
  EXPECT_EQ(parts.test.labels(), four_classes().test.labels());
  EXPECT_EQ(parts.validation.size(), 0);
  EXPECT_THAT(parts.class_names, ElementsAre("0", "1", "2", "3"));
  EXPECT_EQ(parts.normalization.mean, measure(parts.train).mean);
}

TEST(Prepare, LabelsComeBeforeTheLimitAndTheLimitBeforeTheSplit) {
  DataOptions options;
  options.labels = {Kind::kKeep, {3, 1}};
  options.limit = 10;
  options.validation = 0.2;
  const DataParts parts = prepare(four_classes(), options, 1);
  EXPECT_EQ(parts.train.size(), 8);
  EXPECT_EQ(parts.validation.size(), 2);
  // The first ten odd labels: examples 1, 3, ... 19 of train and test.
  Bytes all = samples_of(parts.train) + samples_of(parts.validation);
  std::ranges::sort(all);
  EXPECT_THAT(all, ElementsAre(1, 3, 5, 7, 9, 11, 13, 15, 17, 19));
  EXPECT_THAT(samples_of(parts.test), ElementsAre(1, 3, 5, 7, 9, 11, 13, 15, 17, 19));
  EXPECT_THAT(parts.test.labels(), ElementsAre(1, 0, 1, 0, 1, 0, 1, 0, 1, 0));
  EXPECT_THAT(parts.class_names, ElementsAre("3", "1"));
  EXPECT_EQ(parts.test.shape().classes, 2);
}

TEST(Prepare, NormalizesByTheTrainingPartAlone) {
  DataOptions options;
  options.validation = 60;
  const DataParts parts = prepare(four_classes(), options, 1);
  EXPECT_EQ(parts.normalization.mean, measure(parts.train).mean);
  EXPECT_NE(parts.normalization.mean, measure(four_classes().train).mean);
}

TEST(Prepare, DataAsTheyShouldBeAreNotWarnedOf) {
  EXPECT_THAT(prepare(four_classes(), {}, 1).warnings, ElementsAre());
}

TEST(Prepare, ClassesWithoutExamplesAreNamed) {
  const RawData data = {labelled({0, 255, 255, 0}, 256), labelled({0, 255}, 256)};
  const auto warnings = prepare(data, {}, 1).warnings;
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], AllOf(HasSubstr("254 of 256 classes have no training example: 1 to 254"),
                                 HasSubstr("data.labels='{keep: [0, 255]}'")));
}

TEST(Prepare, ALimitThatLeavesOneClassIsTold) {
  DataOptions options;
  options.limit = 3;
  const RawData data = {labelled({0, 0, 0, 1, 1, 1}, 2), labelled({0, 0, 0, 1}, 2)};
  const auto warnings = prepare(data, options, 1).warnings;
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], AllOf(HasSubstr("only class 0 is among the 3"), HasSubstr("data.limit=3")));
}

TEST(Prepare, ClassesThatAreNeverTestedAreNamed) {
  const RawData data = {labelled({0, 1, 2}, 3), labelled({0, 2}, 3)};
  EXPECT_THAT(prepare(data, {}, 1).warnings,
              ElementsAre(HasSubstr("1 of 3 classes have no test example: 1;")));
}

TEST(Prepare, ALimitAboveTheSizeChangesNothing) {
  DataOptions options;
  options.limit = 50;
  const DataParts parts = prepare(four_classes(), options, 1);
  EXPECT_EQ(parts.train.size(), 50);
  EXPECT_EQ(parts.test.size(), 20);
}

TEST(Prepare, FingerprintTellsDataApart) {
  const std::string fingerprint = prepare(four_classes(), {}, 1).fingerprint;
  EXPECT_EQ(fingerprint.size(), 64U);
  EXPECT_EQ(prepare(four_classes(), {}, 2).fingerprint, fingerprint);
  RawData changed = four_classes();
  Bytes pixels = samples_of(changed.test);
  pixels.back() ^= 1;
  changed.test = Part(changed.test.shape(), pixels, changed.test.labels());
  EXPECT_NE(prepare(changed, {}, 1).fingerprint, fingerprint);
  changed = four_classes();
  std::vector<int64_t> labels = changed.train.labels();
  labels.front() = 1;
  changed.train = changed.train.relabelled(labels, 4);
  EXPECT_NE(prepare(changed, {}, 1).fingerprint, fingerprint);
  changed = four_classes();
  for (Part* part : {&changed.train, &changed.test}) *part = part->relabelled(part->labels(), 5);
  EXPECT_NE(prepare(changed, {}, 1).fingerprint, fingerprint);
  DataOptions options;
  options.validation = 0.1;
  EXPECT_NE(prepare(four_classes(), options, 1).fingerprint, prepare(four_classes(), options, 2).fingerprint);
}

TEST(Prepare, OptionsThatDoNotFitTheDataAreNamed) {
  DataOptions options;
  options.labels = {Kind::kPositive, {4}};
  EXPECT_THAT(error_of([&] { prepare(four_classes(), options, 1); }, ExitStatus::kData),
              HasSubstr("data.labels"));
  options.labels = {};
  options.validation = 100;
  EXPECT_THAT(error_of([&] { prepare(four_classes(), options, 1); }, ExitStatus::kData),
              HasSubstr("data.validation"));
}

TEST(Prepare, APartWithoutExamplesIsAnError) {
  RawData data = four_classes();
  data.test = labelled({0, 0, 1}, 4);
  DataOptions options;
  options.labels = {Kind::kKeep, {2, 3}};
  EXPECT_THAT(error_of([&] { prepare(data, options, 1); }, ExitStatus::kData), HasSubstr("test"));
}

}  // namespace
}  // namespace actlab::test
