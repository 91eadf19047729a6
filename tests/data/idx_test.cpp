#include "data/idx.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>

#include "core/random.h"
#include "core/test_support.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;

TEST(Idx, ReadsImages) {
  const TemporaryFolder folder;
  put_bytes(folder / "images", idx_images(3, 2, 4));
  const IdxImages images = read_idx_images(folder / "images");
  EXPECT_EQ(images.count, 3);
  EXPECT_EQ(images.height, 2);
  EXPECT_EQ(images.width, 4);
  EXPECT_THAT(images.pixels.bytes(), testing::ElementsAreArray(ramp(24)));
}

TEST(Idx, AMappedFileIsReadAlike) {
  const TemporaryFolder folder;
  put_bytes(folder / "images", idx_images(3, 2, 4));
  put_bytes(folder / "packed", gzip(idx_images(3, 2, 4)));
  for (const char* name : {"images", "packed"}) {
    const IdxImages images = read_idx_images(folder / name, /*mapped_from=*/0);
    EXPECT_EQ(images.width, 4);
    EXPECT_THAT(images.pixels.bytes(), testing::ElementsAreArray(ramp(24)));
  }
}

TEST(Idx, ReadsLabels) {
  const TemporaryFolder folder;
  put_bytes(folder / "labels", idx_labels({3, 1, 255}));
  EXPECT_EQ(read_idx_labels(folder / "labels"), (Bytes{3, 1, 255}));
}

TEST(Idx, ReadsGzipWhateverTheName) {
  const TemporaryFolder folder;
  put_bytes(folder / "images", gzip(idx_images(700, 90, 90)));  // more than one piece of reading
  EXPECT_TRUE(std::ranges::equal(read_idx_images(folder / "images").pixels.bytes(), ramp(700 * 90 * 90)));
}

TEST(Idx, TellsItselfFromPictures) {
  EXPECT_TRUE(looks_like_idx(idx_images(1, 1, 1)));
  EXPECT_TRUE(looks_like_idx(gzip(idx_images(1, 1, 1))));
  EXPECT_FALSE(looks_like_idx(Bytes{0x89, 'P', 'N', 'G'}));
  EXPECT_FALSE(looks_like_idx(Bytes{0xff, 0xd8, 0xff}));
  EXPECT_FALSE(looks_like_idx(Bytes{}));
}

struct BadFile {
  const char* name;
  Bytes content;
  const char* message;  // a part of it
};

Bytes cut(Bytes bytes, size_t size) {
  bytes.resize(size);
  return bytes;
}

Bytes changed(Bytes bytes, size_t at, uint8_t value) {
  bytes.at(at) = value;
  return bytes;
}

const uint32_t kHuge = 0xffffffff;

const std::vector<BadFile>& bad_images() {
  static const Bytes good = idx_images(2, 3, 3);
  static const Bytes packed = gzip(good);
  static const size_t n = packed.size();
  static const std::vector<BadFile> table = {
      {"Empty", {}, "byte 0: truncated"},
      {"OneByte", {0}, "byte 1: truncated"},
      {"ThreeBytes", {0, 0, 8}, "byte 3: truncated"},
      {"MagicAlone", {0, 0, 8, 3}, "byte 4: truncated"},
      {"OneDimension", idx_header(0x803, {2}), "byte 8: truncated"},
      {"TwoDimensions", idx_header(0x803, {2, 3}), "byte 12: truncated"},
      {"PartOfADimension", cut(good, 14), "byte 14: truncated"},
      {"HeaderAlone", cut(good, 16), "announces 2 x 3 x 3"},
      {"LastByteMissing", cut(good, 33), "byte 16: truncated"},
      {"HalfMissing", cut(good, 25), "announces 2 x 3 x 3"},
      {"OneByteMore", good + Bytes{0}, "byte 34: more bytes follow"},
      {"ManyMore", good + ramp(5000), "byte 34: more bytes follow"},
      {"TwiceTheFile", good + good, "byte 34: more bytes follow"},
      {"Text", {'l', 'a', 'b', 'e', 'l'}, "byte 0: not an IDX file"},
      {"Png", {0x89, 'P', 'N', 'G', 13, 10, 26, 10}, "byte 0: not an IDX file"},
      {"SecondByte", changed(good, 1, 1), "byte 1: not an IDX file"},
      {"LittleEndian", {3, 8, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0}, "byte 0: not an IDX file"},
      {"SignedBytes", changed(good, 2, 0x09), "byte 2: the elements are of type 0x09"},
      {"Shorts", changed(good, 2, 0x0b), "type 0x0b"},
      {"Floats", changed(good, 2, 0x0d), "type 0x0d"},
      {"Doubles", changed(good, 2, 0x0e), "type 0x0e"},
      {"UnknownType", changed(good, 2, 0xff), "type 0xff"},
      {"Labels", idx_labels({1, 2}), "byte 3: wrong magic number: 1 dimensions"},
      {"NoDimensions", changed(good, 3, 0), "byte 3: wrong magic number: 0 dimensions"},
      {"FourDimensions", changed(good, 3, 4), "byte 3: wrong magic number: 4 dimensions"},
      {"NoExamples", idx_header(0x803, {0, 28, 28}), "byte 4: dimension 1 is 0"},
      {"NoRows", idx_header(0x803, {1, 0, 28}), "byte 8: dimension 2 is 0"},
      {"NoColumns", idx_header(0x803, {1, 28, 0}), "byte 12: dimension 3 is 0"},
      {"AllZero", idx_header(0x803, {0, 0, 0}), "dimension 1 is 0"},
      {"HugeCount", idx_header(0x803, {kHuge, 28, 28}) + ramp(4096), "no more than 4096"},
      {"HugeRows", idx_header(0x803, {1, kHuge, 1}) + ramp(10), "no more than 10"},
      {"ProductOverflows64Bits", idx_header(0x803, {kHuge, kHuge, kHuge}) + ramp(10), "no more than 10"},
      {"ProductWrapsToZero", idx_header(0x803, {1U << 31, 1U << 31, 4}) + ramp(10), "no more than 10"},
      {"ProductWrapsToSize", idx_header(0x803, {1U << 31, 1U << 31, 8}) + ramp(1), "no more than 1"},
      {"GzipMagicAlone", {0x1f, 0x8b}, "cut off"},
      {"GzipHeaderAlone", cut(packed, 10), "cut off"},
      {"GzipWrongMethod", changed(packed, 2, 7), "damaged"},
      {"GzipReservedFlags", changed(packed, 3, 0xe0), "damaged"},
      {"GzipWithoutTrailer", cut(packed, n - 8), "cut off"},
      {"GzipLastByteMissing", cut(packed, n - 1), "cut off"},
      {"GzipWrongCrc", changed(packed, n - 8, static_cast<uint8_t>(packed[n - 8] ^ 1)), "damaged"},
      {"GzipWrongLength", changed(packed, n - 4, static_cast<uint8_t>(packed[n - 4] ^ 1)), "damaged"},
      {"GzipDamagedInside", changed(packed, 10, 0xff), "damaged"},
      {"GzipTrailing", packed + Bytes{1}, "follow the end of the gzip stream"},
      {"GzipTwice", packed + packed, "byte 34: more bytes follow"},
      {"GzipOfNothing", gzip({}), "byte 0: truncated"},
      {"GzipOfTruncated", gzip(cut(good, 33)), "byte 33: truncated"},
      {"GzipOfTooLong", gzip(good + Bytes{1}), "byte 34: more bytes follow"},
      {"GzipOfLabels", gzip(idx_labels({1})), "wrong magic number"},
      {"GzipOfText", gzip({'h', 'e', 'l', 'l', 'o'}), "not an IDX file"},
      {"GzipOfGzip", gzip(packed), "byte 0: not an IDX file: it begins with 0x1f"},
      {"GzipHugeClaim", gzip(idx_header(0x803, {kHuge, kHuge, kHuge})), "truncated: the header announces"},
      {"GzipBombBehindSmallHeader", gzip(good + Bytes(50'000'000)), "byte 34: more bytes follow"},
  };
  return table;
}

TEST(Idx, BadImageFilesAreRefusedNamingFileAndByte) {
  for (const BadFile& bad : bad_images()) {
    SCOPED_TRACE(bad.name);
    const TemporaryFolder folder;
    put_bytes(folder / "bad-file", bad.content);
    const auto message = error_of([&] { read_idx_images(folder / "bad-file"); }, ExitStatus::kData);
    EXPECT_THAT(message, HasSubstr((folder / "bad-file").string() + ": at byte "));
    EXPECT_THAT(message, HasSubstr(bad.message));
    if (bad.content.empty()) continue;  // there is nothing to map
    EXPECT_EQ(error_of([&] { read_idx_images(folder / "bad-file", /*mapped_from=*/0); }, ExitStatus::kData),
              message);
  }
}

TEST(Idx, BadLabelFilesAreRefused) {
  const Bytes good = idx_labels({1, 2, 3});
  const std::vector<BadFile> table = {
      {"images", idx_images(1, 1, 1), "byte 3: wrong magic number: 3 dimensions"},
      {"no labels", idx_header(0x801, {0}), "byte 4: dimension 1 is 0"},
      {"truncated", cut(good, 10), "announces 3 bytes"},
      {"trailing", good + Bytes{4}, "byte 11: more bytes follow"},
      {"huge", idx_header(0x801, {kHuge}) + ramp(10), "no more than 10"},
      {"ints", changed(good, 2, 0x0c), "type 0x0c"},
      {"gzip truncated", gzip(cut(good, 10)), "byte 10: truncated"},
  };
  for (const BadFile& bad : table) {
    const auto message = error_of([&] { parse_idx_labels(bad.content, bad.name); }, ExitStatus::kData);
    EXPECT_THAT(message, HasSubstr(std::string(bad.name) + ": at byte "));
    EXPECT_THAT(message, HasSubstr(bad.message)) << bad.name;
  }
}

TEST(Idx, OnlyRegularFilesAreRead) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  for (const auto& path :
       {folder / "pipe", folder.path(), folder / "none", std::filesystem::path("/dev/zero")}) {
    EXPECT_THAT(error_of([&] { read_idx_images(path); }, ExitStatus::kData), HasSubstr(path.string()));
  }
}

// Changes a few bytes, cuts or lengthens.
Bytes mutate(Bytes bytes, SplitMix64& random) {
  const uint64_t changes = 1 + random.below(4);
  for (uint64_t i = 0; i < changes && !bytes.empty(); ++i) {
    // Half of the changes hit the header, where they matter most.
    const uint64_t range = random.below(2) == 0 ? std::min<uint64_t>(16, bytes.size()) : bytes.size();
    bytes[random.below(range)] = static_cast<uint8_t>(random.next());
  }
  if (random.below(4) == 0) bytes.resize(random.below(bytes.size() + 20));
  return bytes;
}

// What is accepted must be what its own header says, and what is not accepted must be an Error.
void expect_sound(const Bytes& bytes, bool compressed) {
  try {
    const IdxImages images = parse_idx_images(bytes, "mutant");
    EXPECT_EQ(images.count * images.height * images.width, std::ssize(images.pixels.bytes()));
    if (compressed) return;
    const auto as_number = [](int64_t n) { return static_cast<uint32_t>(n); };
    const Bytes again =
        idx_header(0x803, {as_number(images.count), as_number(images.height), as_number(images.width)}) +
        Bytes(images.pixels.bytes().begin(), images.pixels.bytes().end());
    EXPECT_EQ(again, bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), ExitStatus::kData);
    EXPECT_THAT(error.what(), HasSubstr("mutant: at byte "));
  }
}

TEST(Idx, FortyThousandMutantsAreAcceptedWholeOrRefused) {
  SplitMix64 random(stream_seed(1, "idx mutants"));
  const Bytes good = idx_images(4, 5, 6);
  for (int i = 0; i < 40'000; ++i) expect_sound(mutate(good, random), false);
}

TEST(Idx, TenThousandCompressedMutantsAreAcceptedWholeOrRefused) {
  SplitMix64 random(stream_seed(2, "idx mutants"));
  const Bytes good = idx_images(4, 5, 6);
  const Bytes packed = gzip(good);
  for (int i = 0; i < 5'000; ++i) {
    expect_sound(mutate(packed, random), true);
    expect_sound(gzip(mutate(good, random)), true);
  }
}

}  // namespace
}  // namespace actlab::test
