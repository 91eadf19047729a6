#include "data/gzip.h"

#include <gmock/gmock.h>

#include "core/test_support.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;

TEST(Gzip, IsToldByItsFirstBytes) {
  EXPECT_TRUE(is_gzip(gzip({1, 2, 3})));
  EXPECT_FALSE(is_gzip(Bytes{0x1f}));
  EXPECT_FALSE(is_gzip(Bytes{0x8b, 0x1f}));
}

TEST(Gzip, GivesTheContentBack) {
  for (const size_t size : {0, 1, 1000, 1 << 20, (1 << 20) + 1}) {
    EXPECT_EQ(gunzip(gzip(ramp(size)), "file", size), ramp(size)) << size;
  }
}

TEST(Gzip, ReadsPieceByPiece) {
  const Bytes packed = gzip(ramp(10));
  GzipReader reader(packed, "file");
  Bytes piece(4);
  EXPECT_EQ(reader.read(piece), 4U);
  EXPECT_EQ(piece, (Bytes{0, 7, 14, 21}));
  EXPECT_EQ(reader.read(piece), 4U);
  EXPECT_EQ(reader.read(piece), 2U);
  EXPECT_EQ(reader.read(piece), 0U);
}

// RFC 1952, section 2.2: members simply appear one after another.
TEST(Gzip, MembersFollowEachOther) {
  const Bytes three = gzip(ramp(1000)) + gzip({}) + gzip({1, 2, 3});
  EXPECT_EQ(gunzip(three, "file", 2000), ramp(1000) + Bytes({1, 2, 3}));
  GzipReader reader(three, "file");
  Bytes piece(999);
  EXPECT_EQ(reader.read(piece), 999U);
  EXPECT_EQ(reader.read(piece), 4U);
}

TEST(Gzip, ZerosAfterTheEndArePadding) {
  EXPECT_EQ(gunzip(gzip(ramp(10)) + Bytes(500), "file", 10), ramp(10));
  EXPECT_THAT(error_of([] { gunzip(gzip(ramp(10)) + Bytes{0, 0, 1}, "x.gz", 10); }, ExitStatus::kData),
              HasSubstr("follow the end"));
}

TEST(Gzip, StopsAtTheLimit) {
  const Bytes bomb = gzip(Bytes(30'000'000));
  EXPECT_LT(bomb.size(), 100'000U);
  EXPECT_THAT(error_of([&] { gunzip(bomb, "bomb.gz", 1'000'000); }, ExitStatus::kData),
              testing::AllOf(HasSubstr("bomb.gz"), HasSubstr("1000000")));
}

TEST(Gzip, NoStreamHoldsMoreThanTheReaderSays) {
  const Bytes packed = gzip(Bytes(30'000'000));
  EXPECT_GE(GzipReader(packed, "file").most_bytes(), 30'000'000U);
}

TEST(Gzip, DamageIsNamedWithItsOffset) {
  Bytes packed = gzip(ramp(1000));
  packed[packed.size() - 8] ^= 1;
  EXPECT_THAT(error_of([&] { gunzip(packed, "x.gz", 1000); }, ExitStatus::kData),
              testing::AllOf(HasSubstr("x.gz: at byte "), HasSubstr("damaged")));
  packed.resize(packed.size() / 2);
  EXPECT_THAT(error_of([&] { gunzip(packed, "x.gz", 1000); }, ExitStatus::kData), HasSubstr("cut off"));
}

}  // namespace
}  // namespace actlab::test
