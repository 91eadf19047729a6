#include "data/downloads.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "core/test_support.h"
#include "data/data_files.h"
#include "data/mnist.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Downloads, TableIsConsistent) {
  for (const Download& set : downloads()) {
    EXPECT_EQ(&find_download(set.name), &set);
    for (const std::string& text : {set.title, set.about, set.source, set.licence})
      EXPECT_NE(text, "") << set.name;
    EXPECT_FALSE(set.files.empty());
    for (const DownloadFile& file : set.files) {
      EXPECT_THAT(file.sha256, testing::MatchesRegex("[0-9a-f]*"));
      EXPECT_EQ(file.sha256.size(), 64U);
      EXPECT_GT(file.size, 0U);
    }
    for (const std::string& mirror : set.mirrors) {
      EXPECT_TRUE(mirror.starts_with("https://") && mirror.ends_with("/")) << mirror;
    }
    EXPECT_EQ(std::ranges::count(set.npm_package, '@'), 1);
    EXPECT_TRUE(set.npm_folder.ends_with("/"));
  }
}

TEST(Downloads, MnistHasTheSizesOfItsShape) {
  const Download& mnist = find_download("mnist");
  EXPECT_EQ(mnist.shape, MnistOptions().stated_shape());
  ASSERT_EQ(mnist.files.size(), 4U);
  EXPECT_EQ(mnist.files[0].size, 16U + 60'000 * 784);
  EXPECT_EQ(mnist.files[1].size, 8U + 60'000);
  EXPECT_EQ(mnist.files[2].size, 16U + 10'000 * 784);
  EXPECT_EQ(mnist.files[3].size, 8U + 10'000);
}

TEST(Downloads, UnknownNamesGetTheNearest) {
  EXPECT_THAT(error_of([] { find_download("minst"); }, ExitStatus::kUsage),
              AllOf(HasSubstr("'minst'"), HasSubstr("did you mean 'mnist'")));
}

DownloadFile described(const std::string& name, const Bytes& content) {
  return {name, content.size(), sha256({content})};
}

class CheckFiles : public testing::Test {
 protected:
  CheckFiles() { set_.files = {described("file", ramp(1000))}; }

  FileCheck check() const { return check_files(set_, folder_.path()).front(); }

  TemporaryFolder folder_;
  Download set_;
};

TEST_F(CheckFiles, RightFileIsRight) {
  put_bytes(folder_ / "file", ramp(1000));
  EXPECT_EQ(check().state, FileState::kRight);
  EXPECT_EQ(check().problem, "");
  EXPECT_EQ(check().path, folder_ / "file");
}

TEST_F(CheckFiles, CompressedFileCounts) {
  put_bytes(folder_ / "file.gz", gzip(ramp(1000)));
  EXPECT_EQ(check().state, FileState::kRight);
  EXPECT_EQ(check().path, folder_ / "file.gz");
}

TEST_F(CheckFiles, MissingFileIsNamed) {
  EXPECT_EQ(check().state, FileState::kMissing);
  EXPECT_EQ(check().path, folder_ / "file");
  EXPECT_THAT(check().problem, HasSubstr("missing"));
}

TEST_F(CheckFiles, WrongSizeIsTold) {
  put_bytes(folder_ / "file", ramp(999));
  EXPECT_EQ(check().state, FileState::kWrong);
  EXPECT_THAT(check().problem, AllOf(HasSubstr("999"), HasSubstr("1000")));
}

TEST_F(CheckFiles, OneChangedByteIsTold) {
  Bytes content = ramp(1000);
  content[500] ^= 1;
  put_bytes(folder_ / "file", content);
  EXPECT_EQ(check().state, FileState::kWrong);
  EXPECT_THAT(check().problem, AllOf(HasSubstr("SHA-256"), HasSubstr(set_.files[0].sha256)));
}

TEST_F(CheckFiles, DamagedCompressedFileAndFolderAreWrong) {
  Bytes packed = gzip(ramp(1000));
  packed.pop_back();
  put_bytes(folder_ / "file.gz", packed);
  EXPECT_EQ(check().state, FileState::kWrong);
  std::filesystem::create_directory(folder_ / "file");
  EXPECT_EQ(check().state, FileState::kWrong);
}

}  // namespace
}  // namespace actlab::test
