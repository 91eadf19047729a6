#include "diagnose/figures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace actlab {
namespace {

TEST(FigureText, HasPlainDigitsWherePeopleReadThem) {
  for (const auto& [value, text] : std::vector<std::pair<double, std::string>>{{0, "0"},
                                                                               {0.25, "0.25"},
                                                                               {1000, "1000"},
                                                                               {-1234.5, "-1234"},
                                                                               {999.7, "1000"},
                                                                               {123456, "123456"},
                                                                               {0.0001, "0.0001"},
                                                                               {0.0000123456, "0.0000123"},
                                                                               {1.234e-20, "1.23e-20"},
                                                                               {-5e9, "-5e9"},
                                                                               {NAN, "-"},
                                                                               {INFINITY, "-"}})
    EXPECT_EQ(figure_text(value), text);
  EXPECT_EQ(percent_text(0.4375), "43.8 %");
}

}  // namespace
}  // namespace actlab
