#include "config/scalar.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "core/number_text.h"

namespace actlab {
namespace {

int64_t whole(const char* text) {
  int64_t value = -1;
  EXPECT_EQ(parse_number(text, value), NumberText::kGood) << text;
  return value;
}

double real(const std::string& text) {
  double value = -1;
  EXPECT_EQ(parse_number(text, value), NumberText::kGood) << text;
  return value;
}

TEST(Scalar, ReadsWholeNumbers) {
  EXPECT_EQ(whole("0"), 0);
  EXPECT_EQ(whole("-0"), 0);
  EXPECT_EQ(whole("+7"), 7);
  EXPECT_EQ(whole("9223372036854775807"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(whole("-9223372036854775808"), std::numeric_limits<int64_t>::min());
}

TEST(Scalar, RefusesWhatOnlyLooksLikeAWholeNumber) {
  for (const char* text : {"",    "+",  "-",     "--1", "+-1", "-+1",   "1e3", "1.0", "1.",  "0x10", "0o7",
                           "010", "00", "1_000", "1 ",  " 1",  "1,000", "inf", "nan", "one", "١"}) {
    int64_t value = 5;
    EXPECT_EQ(parse_number(text, value), NumberText::kMalformed) << text;
    EXPECT_EQ(value, 5) << text;
  }
  for (const char* text : {"9223372036854775808", "-9223372036854775809", "99999999999999999999999"}) {
    int64_t value = 5;
    EXPECT_EQ(parse_number(text, value), NumberText::kOutOfRange) << text;
    EXPECT_EQ(value, 5) << text;
  }
}

TEST(Scalar, ReadsRealNumbers) {
  EXPECT_EQ(real("1e-3"), 0.001);
  EXPECT_EQ(real(".5"), 0.5);
  EXPECT_EQ(real("-.5"), -0.5);
  EXPECT_EQ(real("5"), 5.0);
  EXPECT_EQ(real("5."), 5.0);
  EXPECT_EQ(real("0.5"), 0.5);
  EXPECT_EQ(real("0"), 0.0);
  EXPECT_EQ(real("+1E+2"), 100.0);
}

TEST(Scalar, RefusesWhatOnlyLooksLikeARealNumber) {
  for (const char* text : {"",      ".",   "e5",    "1e",  "1e+",  "inf",  "-inf", "nan", ".inf",  "infinity",
                           "0x1p3", "0x1", "1_0.5", "1,5", "1.5f", "01.5", "1.5 ", "--1", "+-1.5", "1.2.3"}) {
    double value = 5;
    EXPECT_EQ(parse_number(text, value), NumberText::kMalformed) << text;
    EXPECT_EQ(value, 5) << text;
  }
  double value = 5;
  EXPECT_EQ(parse_number("1e400", value), NumberText::kOutOfRange);
  EXPECT_EQ(parse_number("-1e400", value), NumberText::kOutOfRange);
}

TEST(Scalar, NumbersComeBackFromTheirText) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10000; ++i) {
    const auto bits = random();
    double value = 0;
    static_assert(sizeof value == sizeof bits);
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    EXPECT_EQ(real(number_text(value)), value);
  }
  EXPECT_EQ(number_text(0.001), "0.001");
  EXPECT_EQ(number_text(5), "5");
  EXPECT_EQ(plain_text(1e5), "100000");
  EXPECT_EQ(plain_text(1e-4), "0.0001");
}

TEST(Scalar, ShownTextsAreShortAndPrintable) {
  EXPECT_EQ(shown("relu"), "'relu'");
  EXPECT_EQ(shown("ünï"), "'ünï'");
  EXPECT_EQ(shown("a\nb\x1B[31m\xFF"), "'a?b?[31m?'");
  EXPECT_LT(shown(std::string(1000000, 'x')).size(), 80u);
}

}  // namespace
}  // namespace actlab
