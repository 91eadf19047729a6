#include "core/block.h"

#include <gmock/gmock.h>

#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Block, PartsAndCopiesOutliveTheBlock) {
  Block part;
  {
    const Block whole(Bytes{1, 2, 3, 4});
    part = whole.part(1, 2);
  }
  EXPECT_THAT(part.bytes(), ElementsAre(2, 3));
}

TEST(Block, AMappedFileHoldsWhatTheFileHolds) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "file", "abcdef");
  const Block block = Block::map(folder / "file", ExitStatus::kData);
  // What takes its place by renaming does not reach the block.
  write_file_atomically(folder / "file", "other");
  EXPECT_THAT(block.part(2, 3).bytes(), ElementsAre('c', 'd', 'e'));
}

TEST(Block, WhatCannotBeMappedIsNamed) {
  const TemporaryFolder folder;
  for (const auto& path : {folder / "nowhere", std::filesystem::path(folder.path())}) {
    EXPECT_THAT(error_of([&] { Block::map(path, ExitStatus::kData); }, ExitStatus::kData),
                HasSubstr(path.string()));
  }
}

}  // namespace
}  // namespace actlab::test
