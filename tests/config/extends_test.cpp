#include "config/extends.h"

#include <sys/stat.h>

#include "config/config_support.h"
#include "core/test_support.h"

namespace actlab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Extends : public ::testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    test::put_text(folder_ / name, text);
  }

  std::string mistakes(const std::string& name) {
    Problems problems;
    EXPECT_FALSE(read_with_extends(folder_ / name, problems)) << name;
    return problems.text();
  }

  test::TemporaryFolder folder_;
};

TEST_F(Extends, MergesTheNewerFileOverTheOlder) {
  put("base/a.yaml", "seed: 1\ntrain: {epochs: 1, batch_size: 5}\n");
  put("base/b.yaml", "extends: a.yaml\nseed: 2\n");
  put("c.yaml", "train: {epochs: 3}\nextends: base/b.yaml\n");
  Problems problems;
  const auto root = read_with_extends(folder_ / "c.yaml", problems);
  ASSERT_TRUE(root) << problems.text();
  EXPECT_EQ(*root, test::tree("seed: 2\ntrain: {epochs: 3, batch_size: 5}\n"));
  EXPECT_EQ(root->find("seed")->where.text(), (folder_ / "base/b.yaml").string() + ":2:7");
}

TEST_F(Extends, SaysWhichFileIsMissingAndWhoAskedForIt) {
  put("c.yaml", "seed: 1\nextends: no.yaml\n");
  EXPECT_THAT(mistakes("c.yaml"), AllOf(HasSubstr("c.yaml:2:10: extends: "), HasSubstr("no.yaml")));
  EXPECT_THAT(mistakes("none.yaml"), HasSubstr("none.yaml: "));
}

TEST_F(Extends, RefusesCycles) {
  put("a.yaml", "extends: a.yaml\n");
  EXPECT_THAT(mistakes("a.yaml"), HasSubstr("a.yaml -> "));
  put("x.yaml", "extends: y.yaml\n");
  put("y.yaml", "extends: sub/z.yaml\n");
  put("sub/z.yaml", "extends: ../sub/../y.yaml\n");
  EXPECT_THAT(mistakes("x.yaml"), AllOf(HasSubstr("sub/z.yaml:1:10: extends: "), HasSubstr("y.yaml -> ")));
}

TEST_F(Extends, RefusesLongChains) {
  put("0.yaml", "seed: 1\n");
  for (int i = 1; i <= 17; ++i)
    put(std::to_string(i) + ".yaml", "extends: " + std::to_string(i - 1) + ".yaml\n");
  Problems problems;
  EXPECT_TRUE(read_with_extends(folder_ / "16.yaml", problems));
  EXPECT_THAT(mistakes("17.yaml"), HasSubstr("more than 16"));
}

TEST_F(Extends, TakesOnePlainPath) {
  for (const char* value :
       {"[a.yaml, b.yaml]", "{a: b}", "''", "'${env:BASE}'", ".", "/dev/zero", "/dev/null/x"}) {
    put("c.yaml", std::string("extends: ") + value + "\n");
    EXPECT_THAT(mistakes("c.yaml"), HasSubstr("c.yaml:1:10: extends: ")) << value;
  }
  put("c.yaml", "extends:\n");
  EXPECT_THAT(mistakes("c.yaml"), HasSubstr("extends: has no value"));
}

TEST_F(Extends, MistakesAreShownInTheFileTheyAreIn) {
  put("base.yaml", "seed: 1\nseed: 2\n");
  put("broken.yaml", "seed: [1\n");
  put("c.yaml", "extends: base.yaml\nlr:\n");
  Problems problems;
  EXPECT_TRUE(read_with_extends(folder_ / "c.yaml", problems));
  EXPECT_THAT(problems.text(), AllOf(HasSubstr("c.yaml:2:1: lr"), HasSubstr("base.yaml:2:1: seed")));
  put("c.yaml", "extends: broken.yaml\n");
  EXPECT_THAT(mistakes("c.yaml"), HasSubstr("broken.yaml:"));
}

TEST_F(Extends, ReadsRegularFilesOnly) {
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_THAT(mistakes("fifo"), HasSubstr("fifo"));
  EXPECT_THAT(mistakes("."), HasSubstr("folder"));
  Problems problems;
  EXPECT_FALSE(read_with_extends("/dev/zero", problems));
  EXPECT_THAT(problems.text(), HasSubstr("/dev/zero"));
  put("large.yaml", std::string(kMaxConfigBytes + 1, '\n'));
  EXPECT_THAT(mistakes("large.yaml"), HasSubstr("large"));
}

}  // namespace
}  // namespace actlab
