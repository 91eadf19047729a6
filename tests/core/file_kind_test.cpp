#include "core/file_kind.h"

#include <gmock/gmock.h>

#include "core/file.h"

namespace actlab {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using std::string_literals::operator""s;

std::string kind(const std::string& text) {
  return file_kind(as_bytes(text));
}

TEST(FileKind, IsToldByTheFirstBytesWithWhatToDo) {
  EXPECT_THAT(kind("PK\x03\x04...archive/data.pkl..."), StartsWith("a PyTorch file"));
  EXPECT_THAT(kind("PK\x03\x04...weights.npy"), StartsWith("a NumPy archive"));
  EXPECT_EQ(kind("PK\x03\x04 something"), "a zip archive");
  EXPECT_THAT(kind("\x80\x02\x8a\x0al"), HasSubstr("PyTorch"));
  EXPECT_THAT(kind("\x80\x04\x95"), StartsWith("a Python pickle"));
  EXPECT_THAT(kind("\x89HDF\r\n\x1a\n...."), StartsWith("an HDF5 file"));
  EXPECT_THAT(kind("\x08\x08\x12\x07pytorch....."), StartsWith("an ONNX file"));
  EXPECT_THAT(kind("\x93NUMPY\x01"), StartsWith("a NumPy file"));
  for (const char* text : {"PK\x03\x04 data.pkl", "\x89HDF\r\n\x1a\n", "\x93NUMPY\x01"})
    EXPECT_THAT(kind(text), HasSubstr("docs/checkpoints.md")) << text;
  EXPECT_EQ(kind("\x89PNG\r\n"), "a PNG picture");
  EXPECT_THAT(kind("\x10\x02\0\0\0\0\0\0{\"a\""s), StartsWith("a checkpoint"));
  EXPECT_EQ(kind("seed: 1\n"), "");
  EXPECT_EQ(kind(""), "");
}

TEST(FileKind, TellsTablesFromOtherText) {
  EXPECT_TRUE(looks_like_table(as_bytes("a,b,c\n1,2,3\n")));
  EXPECT_TRUE(looks_like_table(as_bytes("a;b\n1;2")));
  EXPECT_FALSE(looks_like_table(as_bytes("seed: 1\ntrain: {a: 1, b: 2}\n")));
  EXPECT_FALSE(looks_like_table(as_bytes("one line")));
  EXPECT_TRUE(looks_like_text(as_bytes("seed: 1\n")));
  EXPECT_FALSE(looks_like_text(as_bytes("PK\x03\x04")));
}

}  // namespace
}  // namespace actlab
