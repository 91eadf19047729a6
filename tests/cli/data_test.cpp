#include <gmock/gmock.h>

#include "cli/run_here.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;

TEST(DataCommand, InfoSaysWhatIsMissing) {
  const TemporaryFolder folder;
  const std::string root = "--root=" + folder.path().string();
  const auto info = run_here({"data", "info", "mnist", root, "--json"}).json();
  EXPECT_EQ(info["name"], "mnist");
  EXPECT_EQ(info["present"], false);
  EXPECT_EQ(info["shape"], nlohmann::json::parse("[1, 28, 28]"));
  ASSERT_EQ(info["files"].size(), 4U);
  EXPECT_EQ(info["files"][0]["state"], "missing");
  const Outcome text = run_here({"data", "info", "mnist", root});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out, HasSubstr("t10k-labels-idx1-ubyte: is missing\n"));
  EXPECT_THAT(text.out, HasSubstr("actlab data fetch mnist"));
}

TEST(DataCommand, OtherDataInMnistsFormAreNoDamage) {
  const TemporaryFolder folder;
  put_bytes(folder / "train-images-idx3-ubyte", idx_images(4, 28, 28));
  put_bytes(folder / "t10k-images-idx3-ubyte", idx_images(3, 28, 28));
  put_bytes(folder / "train-labels-idx1-ubyte", idx_labels({0, 1, 2, 2}));
  put_bytes(folder / "t10k-labels.idx1-ubyte", idx_labels({0, 1, 9}));
  const std::string root = "--root=" + folder.path().string();
  const std::string name = "mnist-like data from " + folder.path().string();
  const Outcome text = run_here({"data", "info", "mnist", root});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out, testing::StartsWith(name + "\n"));
  EXPECT_THAT(text.out, testing::Not(testing::AnyOf(HasSubstr("fetch"), HasSubstr("SHA-256"))));
  EXPECT_THAT(text.out, HasSubstr("train-labels-idx1-ubyte: [1,1,2,0"));
  const auto json = run_here({"data", "info", "mnist", root, "--json"}).json();
  EXPECT_EQ(json["name"], name);
  EXPECT_EQ(json["present"], false);
  EXPECT_EQ(json["class_counts"]["t10k-labels-idx1-ubyte"][9], 1);
  // They are not the originals all the same.
  const Outcome verify = run_here({"data", "verify", "mnist", root});
  EXPECT_EQ(verify.status, 3);
  EXPECT_THAT(verify.err, HasSubstr("which fetching into it would replace"));
}

TEST(DataCommand, FetchWithoutAnythingToFetchWithSaysSo) {
  const TemporaryFolder folder;
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  const Outcome outcome = run_here({"data", "fetch", "mnist", "--to=" + (folder / "mnist").string()});
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(outcome.status, 3) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("curl"));
  EXPECT_THAT(outcome.err, HasSubstr("t10k-images-idx3-ubyte"));
}

TEST(DataCommand, VerifyFailsWithTheStatusOfData) {
  const TemporaryFolder folder;
  put_text(folder / "t10k-labels-idx1-ubyte", "short");
  const std::string root = "--root=" + folder.path().string();
  const Outcome text = run_here({"data", "verify", "mnist", root});
  EXPECT_EQ(text.status, 3);
  EXPECT_THAT(text.out, HasSubstr("t10k-labels-idx1-ubyte: has 5 bytes"));
  EXPECT_THAT(text.err, HasSubstr("actlab data fetch mnist --to " + folder.path().string()));
  const Outcome json = run_here({"data", "verify", "mnist", root, "--json"});
  EXPECT_EQ(json.status, 3);
  EXPECT_EQ(json.json()["ok"], false);
  EXPECT_EQ(json.json()["files"][3]["state"], "wrong");
}

}  // namespace
}  // namespace actlab::test
