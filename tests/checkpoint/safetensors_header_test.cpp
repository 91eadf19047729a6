#include "checkpoint/safetensors_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <new>
#include <string>
#include <vector>

#include "checkpoint/safetensors.h"
#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;

constexpr std::string_view kZeros = "0000000000000000000000000000000000000000000000000000000000000000";

// A file of this header and `data_size` zero bytes. '@' becomes the digest, so that nothing but the header is
// wrong.
Bytes seal(std::string header, size_t data_size = 4, std::string digest = "") {
  const size_t at = header.find('@');
  if (at != std::string::npos) header.replace(at, 1, kZeros);
  std::string file(8, '\0');
  for (size_t i = 0; i < 8; ++i) file[i] = static_cast<char>(header.size() >> (8 * i));
  file += header + std::string(data_size, '\0');
  if (digest.empty()) digest = sha256({as_bytes(file)});
  if (at != std::string::npos) file.replace(8 + at, digest.size(), digest);
  return {file.begin(), file.end()};
}

std::string header_refusal(Bytes bytes) {
  return error_of([&] { SafetensorsFile::parse(std::move(bytes), "the-file"); });
}

const std::string kSha = R"("__metadata__":{"sha256":"@"})";
const std::string kFine = R"({"dtype":"U8","shape":[4],"data_offsets":[0,4]})";

std::string with(const std::string& more) {
  return "{" + kSha + "," + more + "}";
}

// One tensor "a" of these fields.
std::string tensor(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return with(R"("a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}");
}

std::string two(const std::string& first, const std::string& second) {
  const std::string fields = R"({"dtype":"U8","shape":[2],"data_offsets":)";
  return with(R"("a":)" + fields + first + R"(},"b":)" + fields + second + "}");
}

std::string repeat(const std::string& text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

struct Hostile {
  std::string header;
  std::string reason;  // in the message
};

std::vector<Hostile> hostile_json() {
  return {
      {"[" + kSha + "]", "start with '{'"},
      {"\xef\xbb\xbf" + with(R"("a":)" + kFine), "start with '{'"},
      {" " + with(R"("a":)" + kFine), "start with '{'"},
      {with(R"("a":)" + kFine) + "x", "JSON"},
      {with(R"("a":)" + kFine) + "{}", "JSON"},
      {with(R"("a":)" + kFine) + std::string(1, '\0'), "JSON"},
      {"{" + kSha + R"(,"a":)" + kFine, "JSON"},
      {with(R"("a":)" + kFine + ","), "JSON"},
      {with(R"('a':)" + kFine), "JSON"},
      {with(R"(/**/"a":)" + kFine), "JSON"},
      {with("\"a\xff\":" + kFine), "JSON"},
      {with("\"a\xc0\x80\":" + kFine), "JSON"},
      {with(R"("a\ud800":)" + kFine), "JSON"},
      {with(R"("a\x41":)" + kFine), "JSON"},
      {with("\"a\n\":" + kFine), "JSON"},
      {with(R"("a)"), "JSON"},
      {tensor(R"("U8")", "[04]", "[0,4]"), "JSON"},
      {tensor(R"("U8")", "[+4]", "[0,4]"), "JSON"},
      {tensor(R"("U8")", "[0x4]", "[0,4]"), "JSON"},
      {tensor(R"("U8")", "[NaN]", "[0,4]"), "JSON"},
      {tensor(R"("U8")", "[1e999]", "[0,4]"), "JSON"},
      {with(repeat("[", 300'000)), "JSON"},
      {with(R"("a":)" + repeat("[", 300'000)), "unexpected: a list"},
      {with(R"("a":)" + repeat(R"({"a":)", 100'000)), "unknown key"},
      {with(R"("a":)" + repeat(R"({"dtype":)", 100'000)), "unexpected: an object"},
      {R"({"__metadata__":{"sha256":"@","a":)" + repeat("[", 300'000), "unexpected: a list"},
  };
}

std::vector<Hostile> hostile_tensors() {
  return {
      {tensor(R"("F31")", "[1]", "[0,4]"), "F31"},
      {tensor(R"("u8")", "[4]", "[0,4]"), "u8"},
      {tensor(R"("")", "[4]", "[0,4]"), "dtype"},
      {tensor("4", "[4]", "[0,4]"), "a number"},
      {tensor("null", "[4]", "[0,4]"), "null"},
      {tensor(R"(["U8"])", "[4]", "[0,4]"), "a list"},
      {tensor(R"("U8")", "null", "[0,4]"), "null"},
      {tensor(R"("U8")", "4", "[0,4]"), "a number"},
      {tensor(R"("U8")", R"("4")", "[0,4]"), "a string"},
      {tensor(R"("U8")", R"(["4"])", "[0,4]"), "a string"},
      {tensor(R"("U8")", "[4.0]", "[0,4]"), "no integer"},
      {tensor(R"("U8")", "[4e0]", "[0,4]"), "no integer"},
      {tensor(R"("U8")", "[-4]", "[0,4]"), "negative"},
      {tensor(R"("U8")", "[-2,-2]", "[0,4]"), "negative"},
      {tensor(R"("U8")", "[true]", "[0,4]"), "boolean"},
      {tensor(R"("U8")", "[[4]]", "[0,4]"), "a list"},
      {tensor(R"("U8")", "{}", "[0,4]"), "an object"},
      {tensor(R"("U8")", "[9223372036854775808]", "[0,4]"), "2^63"},
      {tensor(R"("U8")", "[18446744073709551615]", "[0,4]"), "2^63"},
      {tensor(R"("U8")", "[18446744073709551620]", "[0,4]"), "no integer"},
      {tensor(R"("U8")", "[9223372036854775807]", "[0,4]"), "9223372036854775807 bytes"},
      {tensor(R"("F32")", "[4611686018427387905]", "[0,4]"), "2^63"},
      {tensor(R"("U8")", "[4294967296,4294967296,4]", "[0,4]"), "2^63"},
      {tensor(R"("F64")", "[2305843009213693952]", "[0,0]"), "2^63"},
      {tensor(R"("U8")", "[0,4611686018427387904,8]", "[0,0]"), "2^63"},
      {tensor(R"("U8")", "[" + repeat("1,", 64) + "4]", "[0,4]"), "dimensions"},
      {tensor(R"("U8")", "[" + repeat("0,", 400'000) + "0]", "[0,0]"), "dimensions"},
      {tensor(R"("U8")", "[4]", "null"), "null"},
      {tensor(R"("U8")", "[4]", "[]"), "two data_offsets"},
      {tensor(R"("U8")", "[4]", "[4]"), "two data_offsets"},
      {tensor(R"("U8")", "[4]", "[0,4,4]"), "two data_offsets"},
      {tensor(R"("U8")", "[4]", "[0" + repeat(",0", 400'000) + "]"), "two data_offsets"},
      {tensor(R"("U8")", "[4]", "[-1,4]"), "negative"},
      {tensor(R"("U8")", "[4]", "[-0,4]"), "negative"},
      {tensor(R"("U8")", "[4]", "[0.0,4.0]"), "no integer"},
      {tensor(R"("U8")", "[4]", R"(["0","4"])"), "a string"},
      {tensor(R"("U8")", "[4]", "[4,0]"), "begins at byte 4"},
      {tensor(R"("U8")", "[4]", "[0,3]"), "needs 4 bytes"},
      {tensor(R"("U8")", "[5]", "[0,5]"), "4 bytes of data"},
      {tensor(R"("U8")", "[4]", "[1,5]"), "begins at byte 1"},
      {tensor(R"("U8")", "[3]", "[0,3]"), "4 bytes of data"},
      {tensor(R"("U8")", "[9223372036854775807]", "[0,9223372036854775807]"), "4 bytes of data"},
      {tensor(R"("U8")", "[4]", "[0,18446744073709551615]"), "2^63"},
      {two("[0,2]", "[1,3]"), "begins at byte 1"},
      {two("[0,2]", "[0,2]"), "begins at byte 0"},
      {two("[0,2]", "[3,5]"), "begins at byte 3"},
      {two("[2,4]", "[0,2]"), "begins at byte 2"},
      {two("[0,2]", "[2,0]"), "needs 2 bytes"},
      {with(R"("a":null)"), "null"},
      {with(R"("a":[4])"), "a list"},
      {with(R"("a":"U8")"), "a string"},
      {with(R"("a":{})"), "needs dtype, shape and data_offsets"},
      {with(R"("a":{"shape":[4],"data_offsets":[0,4]})"), "needs dtype"},
      {with(R"("a":{"dtype":"U8","data_offsets":[0,4]})"), "needs dtype"},
      {with(R"("a":{"dtype":"U8","shape":[4]})"), "needs dtype"},
      {with(R"("a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"device":"cuda"})"),
       "unknown key \"device\""},
      {with(R"("a":{"dtype":"U8","dtype":"I8","shape":[4],"data_offsets":[0,4]})"), "twice"},
      {with(R"("a":{"dtype":"U8","shape":[1],"shape":[4],"data_offsets":[0,4]})"), "twice"},
      {with(R"("a":)" + kFine + R"(,"a":)" + kFine), "twice"},
      {with(R"("a":)" + kFine + R"(,"\u0061":)" + kFine), "twice"},
  };
}

std::vector<Hostile> hostile_metadata() {
  const std::string start = R"({"__metadata__":)";
  return {
      {"{}", "no metadata entry"},
      {R"({"a":)" + kFine + "}", "no metadata entry"},
      {start + R"({"digest":"@"},"a":)" + kFine + "}", "no metadata entry"},
      {start + R"({"SHA256":"@"},"a":)" + kFine + "}", "no metadata entry"},
      {start + R"({"sha\u003256":"@"},"a":)" + kFine + "}", "no metadata entry"},
      {start + R"({"sha256" : "@"},"a":)" + kFine + "}", "no metadata entry"},
      {start + R"({"sha256":4},"a":)" + kFine + "}", "no metadata entry"},
      {start + R"({"sha256":["@"]},"a":)" + kFine + "}", "no metadata entry"},
      {start + R"({"sha256":"0@"},"a":)" + kFine + "}", "lower-case"},
      {start + R"({"sha256":"@0"},"a":)" + kFine + "}", "lower-case"},
      {start + R"({"sha256":" @"},"a":)" + kFine + "}", "lower-case"},
      {start + R"({"sha256":""},"a":)" + kFine + "}", "lower-case"},
      {start + R"({"sha256":"\u0030@"},"a":)" + kFine + "}", "lower-case"},
      {start + R"({"sha256":")", "lower-case"},
      {start + R"({"sha256":"@","sha256":"@"},"a":)" + kFine + "}", "more than one"},
      {start + R"({"sha256":"@","sha\u003256":"1"},"a":)" + kFine + "}", "twice"},
      {start + R"({"sha256":"@"},"a":{"sha256":"1","dtype":"U8","shape":[4],"data_offsets":[0,4]}})",
       "more than one"},
      {start + R"({"sha256":"@","x\"sha256":"1"},"a":)" + kFine + "}", "more than one"},
      {start + R"({"x\"sha256":"@"},"a":)" + kFine + "}", "in another place"},
      {start + R"({"sha\u003256":"1","x\"sha256":"@"},"a":)" + kFine + "}", "in another place"},
      {R"({"sha256":"@","a":)" + kFine + "}", "a string"},
      {R"({"a":{"sha256":"@","dtype":"U8","shape":[4],"data_offsets":[0,4]}})", "unknown key"},
      {start + R"({"sha256":"@","n":1},"a":)" + kFine + "}", "a number in the metadata entry \"n\""},
      {start + R"({"sha256":"@","n":null},"a":)" + kFine + "}", "null in the metadata entry"},
      {start + R"({"sha256":"@","n":{"a":"b"}},"a":)" + kFine + "}", "an object in the metadata entry"},
      {start + R"({"sha256":"@","n":"1","n":"2"},"a":)" + kFine + "}", "twice"},
      {start + R"({"sha256":"@"},"__metadata__":{},"a":)" + kFine + "}", "twice"},
      {start + R"([{"sha256":"@"}],"a":)" + kFine + "}", "a list"},
      {start + R"(null,"x\"sha256":"@","a":)" + kFine + "}", "null"},
  };
}

std::vector<Hostile> all_hostile() {
  std::vector<Hostile> all;
  for (auto&& some : {hostile_json(), hostile_tensors(), hostile_metadata()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

TEST(SafetensorsHeader, AcceptsTheSealedFileThatTheOthersAreVariantsOf) {
  EXPECT_EQ(header_refusal(seal(with(R"("a":)" + kFine))), "");
  EXPECT_EQ(header_refusal(seal(two("[0,2]", "[2,4]"))), "");
  EXPECT_EQ(header_refusal(seal(R"({"a":)" + kFine + "," + kSha + "}   ")), "");
}

TEST(SafetensorsHeader, RefusesHostileHeadersEachForItsReason) {
  const auto all = all_hostile();
  EXPECT_GE(all.size(), 60U);
  for (const auto& [header, reason] : all) {
    EXPECT_THAT(header_refusal(seal(header)), testing::AllOf(HasSubstr("the-file"), HasSubstr(reason)))
        << header.substr(0, 300);
  }
}

TEST(SafetensorsHeader, RefusesADigestThatIsNotTheFiles) {
  const std::string header = with(R"("a":)" + kFine);
  const Bytes good = seal(header);
  const std::string text(good.begin(), good.end());
  std::string digest = text.substr(text.find("sha256") + 9, 64);
  EXPECT_EQ(header_refusal(seal(header, 4, digest)), "");
  EXPECT_THAT(header_refusal(seal(header, 4, std::string(64, '0'))), HasSubstr("SHA-256"));
  EXPECT_THAT(header_refusal(seal(header, 4, sha256({good}))), HasSubstr("SHA-256"));
  ASSERT_NE(digest.find_first_of("abcdef"), std::string::npos);
  std::ranges::transform(digest, digest.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_THAT(header_refusal(seal(header, 4, digest)), HasSubstr("lower-case"));
}

TEST(SafetensorsHeader, RefusesHostileLengths) {
  const auto file = [](uint64_t length, size_t size) {
    Bytes bytes(size, '{');
    for (size_t i = 0; i < std::min<size_t>(8, size); ++i) bytes[i] = static_cast<uint8_t>(length >> (8 * i));
    return bytes;
  };
  for (size_t size = 0; size < 8; ++size) EXPECT_THAT(header_refusal(file(0, size)), HasSubstr("truncated"));
  EXPECT_THAT(header_refusal(file(0, 8)), HasSubstr("sha256"));
  EXPECT_THAT(header_refusal(file(9, 16)), HasSubstr("truncated"));
  EXPECT_THAT(header_refusal(file(kLongestSafetensorsHeader, 16)), HasSubstr("truncated"));
  for (const uint64_t length :
       {kLongestSafetensorsHeader + 1, uint64_t{1} << 63, UINT64_MAX, UINT64_MAX - 7}) {
    EXPECT_THAT(header_refusal(file(length, 16)), HasSubstr("header's length"));
  }
}

// Names come from the file: they must not reach a terminal as they are.
TEST(SafetensorsHeader, KeepsMessagesPrintable) {
  const auto message = header_refusal(seal(with(R"("\u001b[2J\n)" + repeat("long", 1000) + R"(":null)")));
  EXPECT_THAT(message, HasSubstr("null"));
  EXPECT_LT(message.size(), 400U);
  EXPECT_TRUE(std::ranges::all_of(message, [](unsigned char c) { return c >= 0x20 && c < 0x7f; })) << message;
}

TEST(SafetensorsHeader, KeepsMemoryInProportion) {
#ifdef ACTLAB_SANITIZED
  GTEST_SKIP() << "the sanitizer's own memory does not fit under a limit";
#endif
  for (const auto& [header, reason] : all_hostile()) {
    const Bytes bytes = seal(header);
    EXPECT_EQ(run_in_child([&] {
                Bytes copy = bytes;
                uint64_t pages = 0;
                std::ifstream("/proc/self/statm") >> pages;
                const rlim_t most = pages * static_cast<uint64_t>(::getpagesize()) + bytes.size() + (1 << 20);
                const rlimit limit{most, most};
                ::setrlimit(RLIMIT_AS, &limit);
                return header_refusal(std::move(copy)).empty() ? 1 : 0;
              }),
              0)
        << header.substr(0, 300);
  }
}

}  // namespace
}  // namespace actlab::test
