#include "core/base64.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace actlab::test {
namespace {

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

// The test vectors of RFC 4648, section 10.
TEST(Base64, AgreesWithTheStandard) {
  for (const auto& [plain, coded] :
       std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                        {"f", "Zg=="},
                                                        {"fo", "Zm8="},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="},
                                                        {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(to_base64(bytes_of(plain)), coded);
    EXPECT_EQ(from_base64(coded), bytes_of(plain));
  }
}

TEST(Base64, RefusesWhatIsNone) {
  EXPECT_THROW(from_base64("Zg"), Error);
  EXPECT_THROW(from_base64("Z<g="), Error);
}

}  // namespace
}  // namespace actlab::test
