#include "checkpoint/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

const std::map<std::string, std::string> kMetadata = {{"config", "seed: 1\nname: \"\u00e9\"\n"},
                                                      {"step", "42"}};

Bytes random_bytes(size_t size, uint64_t seed) {
  SplitMix64 random(seed);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<uint8_t>(random.next());
  return bytes;
}

Bytes bytes_of(const std::filesystem::path& path) {
  return read_file(path, ExitStatus::kFailed);
}

// A file of a little more than 8 KiB, as a model with two layers would give.
Bytes example() {
  const TemporaryFolder folder;
  const Bytes weight = random_bytes(4 * 25 * 80, 1);
  const Bytes bias = random_bytes(4 * 25, 2);
  const Bytes step = random_bytes(8, 3);
  write_safetensors(folder / "file", kMetadata,
                    {{"optimizer.step", "I64", {}, step},
                     {"model.w", "F32", {25, 80}, weight},
                     {"model.b", "F32", {25}, bias}});
  return bytes_of(folder / "file");
}

std::string file_refusal(Bytes bytes) {
  return error_of([&] { SafetensorsFile::parse(std::move(bytes), "the-file"); });
}

TEST(Safetensors, RoundTripsEveryDtype) {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, size_t>> dtypes = {
      {"F64", 8}, {"I64", 8}, {"U64", 8},     {"C64", 8},    {"F32", 4}, {"I32", 4},
      {"U32", 4}, {"F16", 2}, {"BF16", 2},    {"I16", 2},    {"U16", 2}, {"BOOL", 1},
      {"I8", 1},  {"U8", 1},  {"F8_E4M3", 1}, {"F8_E5M2", 1}};
  std::vector<Bytes> data;
  std::vector<TensorBytes> tensors;
  for (const auto& [dtype, size] : dtypes) data.push_back(random_bytes(6 * size, data.size()));
  for (size_t i = 0; i < data.size(); ++i)
    tensors.push_back({"t." + dtypes[i].first, dtypes[i].first, {2, 1, 3}, data[i]});
  write_safetensors(folder / "file", kMetadata, tensors);
  const auto file = SafetensorsFile::read(folder / "file");
  ASSERT_EQ(file.tensors().size(), tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i) {
    EXPECT_EQ(file.tensors()[i].name, tensors[i].name);
    EXPECT_EQ(file.tensors()[i].dtype, tensors[i].dtype);
    EXPECT_EQ(file.tensors()[i].shape, tensors[i].shape);
    EXPECT_TRUE(std::ranges::equal(file.tensors()[i].data, tensors[i].data));
  }
}

TEST(Safetensors, RoundTripsMetadataScalarsAndEmptyTensors) {
  const TemporaryFolder folder;
  const Bytes scalar = random_bytes(4, 1);
  const std::string odd("quote \" slash \\ newline \n nul \0 end", 34);
  write_safetensors(folder / "file", {{"odd", odd}, {odd, ""}, {"decoy", R"("sha256":"0")"}},
                    {{"scalar", "F32", {}, scalar},
                     {"empty", "F32", {0, 7}, {}},
                     {"", "U8", {0}, {}},
                     {odd, "U8", {0}, {}}});
  auto file = SafetensorsFile::read(folder / "file");
  const SafetensorsFile moved = std::move(file);
  EXPECT_EQ(moved.metadata().at("odd"), odd);
  EXPECT_EQ(moved.metadata().at(odd), "");
  EXPECT_THAT(moved.metadata().at("sha256"), MatchesRegex("[0-9a-f]+"));
  ASSERT_EQ(moved.tensors().size(), 4U);
  EXPECT_TRUE(std::ranges::equal(moved.tensors()[0].data, scalar));
  EXPECT_THAT(moved.tensors()[1].shape, ElementsAre(0, 7));
  EXPECT_EQ(moved.tensors()[3].name, odd);
}

TEST(Safetensors, WritesNoTensorsAndNoMetadata) {
  const TemporaryFolder folder;
  write_safetensors(folder / "file", {}, {});
  const auto file = SafetensorsFile::read(folder / "file");
  EXPECT_TRUE(file.tensors().empty());
  EXPECT_EQ(file.metadata().size(), 1U);
}

TEST(Safetensors, GivesEqualBytesForEqualInput) {
  const TemporaryFolder folder;
  const Bytes first = example();
  EXPECT_EQ(first, example());
  put_text(folder / "first", std::string(first.begin(), first.end()));
  const auto file = SafetensorsFile::read(folder / "first");
  write_safetensors(folder / "again", file.metadata(), file.tensors());
  EXPECT_EQ(bytes_of(folder / "again"), first);
}

TEST(Safetensors, StartsTheDataAtAMultipleOfEight) {
  const TemporaryFolder folder;
  const Bytes data = random_bytes(8, 1);
  for (const auto* name : {"a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh"}) {
    write_safetensors(folder / "file", {}, {{name, "F64", {1}, data}});
    EXPECT_EQ(bytes_of(folder / "file").size() % 8, 0U);
  }
}

TEST(Safetensors, RefusesEveryChangeOfOneByte) {
  const Bytes good = example();
  ASSERT_GE(good.size(), 8192U);
  ASSERT_EQ(file_refusal(good), "");
  for (size_t i = 0; i < good.size(); ++i) {
    for (const uint8_t mask : {0x01, 0x80}) {
      Bytes bad = good;
      bad[i] ^= mask;
      ASSERT_THAT(file_refusal(std::move(bad)), HasSubstr("the-file"))
          << "byte " << i << ", mask " << int{mask};
    }
  }
}

TEST(Safetensors, RefusesTenThousandRandomChanges) {
  const Bytes good = example();
  SplitMix64 random(5);
  for (int round = 0; round < 10'000; ++round) {
    Bytes bad = good;
    for (uint64_t left = 1 + random.below(16); left > 0; --left) {
      bad[random.below(bad.size())] = static_cast<uint8_t>(random.next());
    }
    if (bad != good) {
      ASSERT_NE(file_refusal(std::move(bad)), "") << "round " << round;
    }
  }
}

TEST(Safetensors, RefusesEveryTruncation) {
  const Bytes good = example();
  for (size_t size = 0; size < good.size(); ++size) {
    Bytes bad(good.begin(), good.begin() + static_cast<ptrdiff_t>(size));
    ASSERT_THAT(file_refusal(std::move(bad)), HasSubstr("the-file is truncated")) << size << " bytes";
  }
}

TEST(Safetensors, RefusesExtraBytes) {
  for (const uint8_t filler : {0x00, 0x20, 0xff}) {
    Bytes bad = example();
    for (int extra = 1; extra <= 64; ++extra) {
      bad.push_back(filler);
      ASSERT_THAT(file_refusal(bad), HasSubstr("bytes too many")) << extra;
    }
  }
}

TEST(Safetensors, SaysWhatHappenedToTheFile) {
  const Bytes good = example();
  Bytes changed = good;
  changed.back() ^= 1;
  EXPECT_THAT(file_refusal(changed), AllOf(HasSubstr("damaged"), HasSubstr("SHA-256")));
  changed = good;
  changed[std::string(good.begin(), good.end()).find("model.w")] = '"';  // now the header is no JSON
  EXPECT_THAT(file_refusal(changed), AllOf(HasSubstr("damaged"), HasSubstr("SHA-256")));
  changed.assign(good.begin(), good.end() - 5);
  EXPECT_THAT(file_refusal(changed), AllOf(HasSubstr("truncated"), HasSubstr(std::to_string(good.size())),
                                           HasSubstr(std::to_string(good.size() - 5))));
  EXPECT_THAT(error_of([] { SafetensorsFile::read("no/such/file"); }), HasSubstr("no/such/file"));
}

TEST(Safetensors, DoesNotWriteWhatItWouldNotRead) {
  const TemporaryFolder folder;
  const Bytes data(8);
  write_safetensors(folder / "file", {}, {});
  const Bytes before = bytes_of(folder / "file");
  const auto failure = [&](const std::map<std::string, std::string>& metadata,
                           std::vector<TensorBytes> tensors) {
    return error_of([&] { write_safetensors(folder / "file", metadata, tensors); });
  };
  EXPECT_THAT(failure({}, {{"a", "U8", {8}, data}, {"a", "U8", {8}, data}}),
              HasSubstr("\"a\" is there twice"));
  EXPECT_THAT(failure({}, {{"a", "F32", {3}, data}}), HasSubstr("12 bytes"));
  EXPECT_THAT(failure({}, {{"a", "F31", {2}, data}}), HasSubstr("F31"));
  EXPECT_THAT(failure({}, {{"a", "U8", {-8}, data}}), HasSubstr("negative"));
  EXPECT_NE(failure({}, {{"__metadata__", "U8", {8}, data}}), "");
  EXPECT_THAT(failure({{"a", "\xff"}}, {}), HasSubstr("UTF-8"));
  EXPECT_THAT(failure({{"\xc3", "a"}}, {}), HasSubstr("UTF-8"));
  EXPECT_THAT(failure({}, {{"\xed\xa0\x80", "U8", {8}, data}}), HasSubstr("UTF-8"));
  EXPECT_THAT(failure({{"a\"sha256", std::string(64, '0')}}, {}), HasSubstr("more than one"));
  EXPECT_EQ(bytes_of(folder / "file"), before);
  EXPECT_THAT(folder.names(), ElementsAre("file"));
}

TEST(Safetensors, LeavesTheOldFileWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  write_safetensors(folder / "file", kMetadata, {});
  const Bytes before = bytes_of(folder / "file");
  EXPECT_EQ(run_in_child([&] {
              ::signal(SIGXFSZ, SIG_IGN);
              const rlimit limit{8192, 8192};
              ::setrlimit(RLIMIT_FSIZE, &limit);
              const Bytes data(1 << 20);
              return error_of([&] { write_safetensors(folder / "file", {}, {{"a", "U8", {1 << 20}, data}}); })
                  .empty();
            }),
            0);
  EXPECT_EQ(bytes_of(folder / "file"), before);
  EXPECT_THAT(folder.names(), ElementsAre("file"));
  EXPECT_THAT(error_of([&] { write_safetensors(folder / "file/below", {}, {}); }),
              HasSubstr("Not a directory"));
}

TEST(Safetensors, SurvivesAKillAtAnyMomentOfAWrite) {
  const TemporaryFolder folder;
  const Bytes data = random_bytes(1 << 20, 4);
  const auto write = [&](int64_t i) {
    write_safetensors(folder / "file", {{"i", std::to_string(i)}}, {{"a", "U8", {1 << 20}, data}});
  };
  write(0);
  SplitMix64 random(6);
  size_t left_over = 0;
  for (int kill = 0; kill < 50; ++kill) {
    const pid_t writer = start_child([&] {
      for (int64_t i = 1;; ++i) write(i);
      return 0;
    });
    ::usleep(static_cast<useconds_t>(2000 + random.below(10'000)));
    ::kill(writer, SIGKILL);
    wait_for(writer);
    left_over = std::max(left_over, folder.names().size() - 1);
    const auto file = SafetensorsFile::read(folder / "file");
    ASSERT_TRUE(std::ranges::equal(file.tensors().at(0).data, data));
  }
  EXPECT_GT(left_over, 0U) << "no kill hit a write";
  write(-1);
  EXPECT_THAT(folder.names(), ElementsAre("file"));
}

}  // namespace
}  // namespace actlab::test
