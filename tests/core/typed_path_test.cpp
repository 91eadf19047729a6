#include "core/typed_path.h"

#include <cstdlib>

#include "core/test_support.h"

namespace actlab::test {
namespace {

class TypedPath : public testing::Test {
 protected:
  void SetUp() override { ::setenv("HOME", "/somewhere/somebody", 1); }
  void TearDown() override { ::setenv("HOME", home_.c_str(), 1); }
  std::string home_ = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "/";
};

TEST_F(TypedPath, ExpandsTheHomeFolderAsAShellDoes) {
  EXPECT_EQ(typed_path("~"), "/somewhere/somebody");
  EXPECT_EQ(typed_path("~/"), "/somewhere/somebody");
  EXPECT_EQ(typed_path("~/runs/a"), "/somewhere/somebody/runs/a");
  EXPECT_EQ(typed_path("./~"), "./~");
  EXPECT_EQ(typed_path("a~/b"), "a~/b");
  EXPECT_EQ(typed_path("/x/~/y"), "/x/~/y");
}

TEST_F(TypedPath, RefusesWhatItCannotMean) {
  for (const char* text : {"", "~nobody", "~nobody/x"}) EXPECT_THROW(typed_path(text), Error) << text;
  ::unsetenv("HOME");
  EXPECT_THROW(typed_path("~/x"), Error);
}

}  // namespace
}  // namespace actlab::test
