#include "data/mnist.h"

#include <gmock/gmock.h>

#include "core/test_support.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const char* const kTrainImages = "train-images-idx3-ubyte";
const char* const kTrainLabels = "train-labels-idx1-ubyte";
const char* const kTestImages = "t10k-images-idx3-ubyte";
const char* const kTestLabels = "t10k-labels-idx1-ubyte";

class Mnist : public testing::Test {
 protected:
  Mnist() {
    put_bytes(folder_ / kTrainImages, idx_images(5, 28, 28));
    put_bytes(folder_ / kTrainLabels, idx_labels({0, 9, 2, 3, 4}));
    put_bytes(folder_ / kTestImages, idx_images(2, 28, 28));
    put_bytes(folder_ / kTestLabels, idx_labels({7, 1}));
  }

  RawData load() const {
    MnistOptions options;
    options.root = folder_.path();
    return options.load(1);
  }
  std::string error() const {
    return error_of([&] { load(); }, ExitStatus::kData);
  }

  TemporaryFolder folder_;
};

TEST_F(Mnist, ReadsTheFourFiles) {
  const RawData data = load();
  EXPECT_EQ(data.train.shape(), (ExampleShape{1, 28, 28, 10}));
  EXPECT_EQ(samples_of(data.train), ramp(5 * 784));
  EXPECT_THAT(data.train.labels(), testing::ElementsAre(0, 9, 2, 3, 4));
  EXPECT_THAT(data.test.labels(), testing::ElementsAre(7, 1));
}

TEST_F(Mnist, ReadsCompressedFiles) {
  for (const char* name : {kTrainImages, kTestLabels}) {
    put_bytes(folder_ / (std::string(name) + ".gz"), gzip(read_file(folder_ / name, ExitStatus::kData)));
    std::filesystem::remove(folder_ / name);
  }
  EXPECT_EQ(samples_of(load().train), ramp(5 * 784));
  EXPECT_THAT(load().test.labels(), testing::ElementsAre(7, 1));
}

TEST_F(Mnist, NamesWithDotsAreReadToo) {
  for (const char* name : {kTrainImages, kTestLabels}) {
    std::string dotted = name;
    dotted[dotted.find("-idx")] = '.';
    std::filesystem::rename(folder_ / name, folder_ / dotted);
  }
  EXPECT_EQ(samples_of(load().train), ramp(5 * 784));
}

TEST_F(Mnist, OtherDataInItsFormAreNamedByTheirFolder) {
  EXPECT_EQ(load().name, "mnist-like data from " + folder_.path().string());
}

TEST_F(Mnist, AMissingFileIsNamedWithTheCommandThatFetchesIt) {
  for (const char* name : {kTrainImages, kTrainLabels, kTestImages, kTestLabels}) {
    std::filesystem::rename(folder_ / name, folder_ / "away");
    EXPECT_THAT(error(), AllOf(HasSubstr((folder_ / name).string()), HasSubstr("actlab data fetch mnist")));
    std::filesystem::rename(folder_ / "away", folder_ / name);
  }
}

TEST_F(Mnist, CountsMustAgree) {
  put_bytes(folder_ / kTestLabels, idx_labels({7, 1, 1}));
  EXPECT_THAT(error(), AllOf(HasSubstr(kTestImages), HasSubstr("2 images"), HasSubstr(kTestLabels),
                             HasSubstr("3 labels")));
}

TEST_F(Mnist, LabelsAreBelowTen) {
  put_bytes(folder_ / kTrainLabels, idx_labels({0, 1, 2, 10, 11}));
  EXPECT_THAT(error(), AllOf(HasSubstr(std::string(kTrainLabels) + ": at byte 11"),
                             HasSubstr("label 10 of example 3")));
}

TEST_F(Mnist, ImagesAre28By28) {
  put_bytes(folder_ / kTestImages, idx_images(2, 28, 27));
  EXPECT_THAT(error(), AllOf(HasSubstr(kTestImages), HasSubstr("28 x 27"), HasSubstr("28 x 28")));
}

TEST_F(Mnist, DamageIsNamed) {
  put_bytes(folder_ / kTrainImages, idx_images(5, 28, 28) + Bytes{0});
  EXPECT_THAT(error(), HasSubstr(std::string(kTrainImages) + ": at byte 3936"));
}

}  // namespace
}  // namespace actlab::test
