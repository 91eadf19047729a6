#include "core/folder.h"

#include <gtest/gtest.h>

#include "core/test_support.h"

namespace actlab::test {
namespace {

bool any(const std::filesystem::path&) {
  return true;
}

TEST(Folder, NumberedOnesAreNeverReused) {
  const TemporaryFolder folder;
  const auto root = folder / "new/root";
  EXPECT_EQ(make_numbered_folder(root, "a"), root / "a");
  EXPECT_EQ(make_numbered_folder(root, "a"), root / "a-2");
  for (int i = 3; i <= 11; ++i) make_numbered_folder(root, "a");
  EXPECT_EQ(newest_numbered_folder(root, "a", any), root / "a-11");
  EXPECT_EQ(newest_numbered_folder(root, "a", [](const auto& path) { return path.filename() == "a-2"; }),
            root / "a-2");
  EXPECT_FALSE(newest_numbered_folder(root, "b", any));
  EXPECT_FALSE(newest_numbered_folder(folder / "nowhere", "a", any));
}

TEST(Folder, SaysWhyItCannotBeLookedInto) {
  const TemporaryFolder folder;
  put_text(folder / "file", "");
  EXPECT_NE(error_of([&] { newest_numbered_folder(folder / "file", "a", any); }).find("file"),
            std::string::npos);
}

TEST(Folder, OtherNamesAndFilesDoNotCount) {
  const TemporaryFolder folder;
  for (const char* name : {"a-1", "a-02x", "a-", "a-b", "ab"})
    std::filesystem::create_directory(folder / name);
  put_text(folder / "a-7", "");
  EXPECT_FALSE(newest_numbered_folder(folder.path(), "a", any));
}

TEST(Folder, OneLockAtATime) {
  const TemporaryFolder folder;
  {
    const FolderLock lock(folder.path(), "comparing");
    const std::string message = error_of([&] { FolderLock(folder.path(), "comparing"); });
    EXPECT_NE(message.find("another process is comparing there"), std::string::npos) << message;
  }
  const FolderLock again(folder.path(), "comparing");
  EXPECT_NE(error_of([&] { FolderLock(folder / "nowhere", "x"); }).find("nowhere"), std::string::npos);
}

TEST(Folder, SaysWhyItCannotBeMade) {
  const TemporaryFolder folder;
  put_text(folder / "file", "");
  EXPECT_NE(error_of([&] { make_numbered_folder(folder / "file", "a"); }).find("file"), std::string::npos);
}

}  // namespace
}  // namespace actlab::test
