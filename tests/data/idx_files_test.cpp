#include "data/idx_files.h"

#include <gmock/gmock.h>

#include "core/test_support.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class IdxFiles : public testing::Test {
 protected:
  IdxFiles() {
    options_.train_images = folder_ / "a";
    options_.train_labels = folder_ / "b";
    options_.test_images = folder_ / "c.gz";
    options_.test_labels = folder_ / "d";
    put_bytes(folder_ / "a", idx_images(3, 4, 5));
    put_bytes(folder_ / "b", idx_labels({0, 2, 1}));
    put_bytes(folder_ / "c.gz", gzip(idx_images(2, 4, 5)));
    put_bytes(folder_ / "d", idx_labels({1, 1}));
  }

  std::string error() const {
    return error_of([&] { options_.load(1); }, ExitStatus::kData);
  }

  TemporaryFolder folder_;
  IdxFilesOptions options_;
};

TEST_F(IdxFiles, AreReadAsTheyAre) {
  const RawData data = options_.load(1);
  EXPECT_EQ(data.train.shape(), (ExampleShape{1, 4, 5, 3}));
  EXPECT_EQ(data.test.shape(), data.train.shape());
  EXPECT_EQ(samples_of(data.train), ramp(60));
  EXPECT_THAT(data.test.labels(), ElementsAre(1, 1));
}

TEST_F(IdxFiles, ClassesCanBeGiven) {
  options_.classes.value = 7;
  EXPECT_EQ(options_.load(1).test.shape().classes, 7);
  options_.classes.value = 2;
  EXPECT_THAT(error(),
              AllOf(HasSubstr("b: at byte 9"), HasSubstr("label 2 of example 1"), HasSubstr("0 to 1")));
}

TEST_F(IdxFiles, TestLabelsBeyondTheTrainingLabelsAreErrors) {
  put_bytes(folder_ / "d", idx_labels({1, 3}));
  EXPECT_THAT(error(), AllOf(HasSubstr("d: at byte 9"), HasSubstr("label 3 of example 1")));
}

TEST_F(IdxFiles, OneClassIsNoTask) {
  put_bytes(folder_ / "b", idx_labels({0, 0, 0}));
  EXPECT_THAT(error(), AllOf(HasSubstr("/b"), HasSubstr("data.classes")));
}

TEST_F(IdxFiles, CountsMustAgree) {
  put_bytes(folder_ / "b", idx_labels({0, 1}));
  EXPECT_THAT(error(), AllOf(HasSubstr("/a"), HasSubstr("3 images"), HasSubstr("/b"), HasSubstr("2 labels")));
}

TEST_F(IdxFiles, TrainAndTestHaveOneSize) {
  put_bytes(folder_ / "c.gz", idx_images(2, 5, 4));
  EXPECT_THAT(error(), AllOf(HasSubstr("c.gz"), HasSubstr("5 x 4"), HasSubstr("4 x 5")));
}

// A file of a megabyte may hold a gigabyte: nothing of it is read where the headers do not go together.
TEST_F(IdxFiles, WhatTheHeadersRefuseIsNotRead) {
  put_bytes(folder_ / "a", gzip(idx_header(0x803, {1 << 20, 4, 5}) + Bytes(20 << 20)));
  EXPECT_THAT(error(), AllOf(HasSubstr("1048576 images"), HasSubstr("3 labels")));
  std::vector<int64_t> announced;
  const auto refuse = [&](const IdxImages& images) {
    announced.push_back(images.count);
    EXPECT_TRUE(images.pixels.bytes().empty());
    throw Error(ExitStatus::kData, "refused");
  };
  EXPECT_EQ(error_of([&] { read_idx_pair(folder_ / "a", folder_ / "b", {}, refuse); }, ExitStatus::kData),
            "refused");
  EXPECT_THAT(announced, ElementsAre(1 << 20));
}

TEST_F(IdxFiles, AFileThatIsNotThereIsLookedForBesideIt) {
  options_.train_images = folder_ / "train-images-idx3-ubyte";
  put_bytes(folder_ / "train-images.idx3-ubyte", idx_images(3, 4, 5));
  EXPECT_THAT(error(), AllOf(HasSubstr("cannot open"), HasSubstr("did you mean 'train-images.idx3-ubyte'?")));
}

TEST_F(IdxFiles, ClassesMayHaveNames) {
  options_.classes = Classes({"cat", "dog", "cow"});
  const RawData data = options_.load(1);
  EXPECT_EQ(data.train.shape().classes, 3);
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog", "cow"));
}

TEST_F(IdxFiles, SwappedFilesAreTold) {
  std::swap(options_.train_images, options_.train_labels);
  EXPECT_THAT(error(), HasSubstr("swapped"));
}

TEST(IdxFilesOptions, AllFourPathsAreNeeded) {
  Problems problems;
  const Node section = yaml("{train_images: a, test_labels: b}");
  const ReadContext context{"data", problems};
  read_options<IdxFilesOptions>(section, context).check(section, context);
  EXPECT_THAT(problems.text(), AllOf(HasSubstr("data.train_labels"), HasSubstr("data.test_images")));
  EXPECT_EQ(problems.sorted().size(), 2U);
}

}  // namespace
}  // namespace actlab::test
