#include "lesson/expectation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace actlab {
namespace {

Expectation read(const std::string& yaml, Problems& problems) {
  Expectation expectation;
  read_value(parse_yaml_value(yaml, problems, "x"), expectation, {"x", problems});
  return expectation;
}

Expectation read(const std::string& yaml) {
  Problems problems;
  const Expectation expectation = read(yaml, problems);
  EXPECT_TRUE(problems.empty()) << problems.text();
  return expectation;
}

TEST(Expectation, BoundsReachAsFarAsTheTolerance) {
  const Expectation most = read("{at_most: 2, tolerance: 0.5}");
  EXPECT_TRUE(most.holds(-100));
  EXPECT_TRUE(most.holds(2.5));
  EXPECT_FALSE(most.holds(2.51));
  const Expectation least = read("{at_least: 2}");
  EXPECT_TRUE(least.holds(2));
  EXPECT_FALSE(least.holds(1.999));
  const Expectation both = read("{at_least: 1, at_most: 2, tolerance: 0.25}");
  EXPECT_TRUE(both.holds(0.75));
  EXPECT_FALSE(both.holds(0.74));
  EXPECT_FALSE(both.holds(2.26));
  const Expectation equals = read("{equals: 1, tolerance: 0.25}");
  EXPECT_TRUE(equals.holds(0.75));
  EXPECT_FALSE(equals.holds(1.26));
  EXPECT_TRUE(read("{equals: 0}").holds(0));
}

TEST(Expectation, NothingHoldsForNaN) {
  for (const char* yaml : {"{at_most: 2}", "{at_least: 2}", "{equals: 2, tolerance: 9}"}) {
    EXPECT_FALSE(read(yaml).holds(std::nan(""))) << yaml;
  }
  EXPECT_FALSE(read("{at_most: 2}").holds(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(read("{at_least: 2}").holds(std::numeric_limits<double>::infinity()));
}

TEST(Expectation, SaysWhatItIs) {
  EXPECT_EQ(read("{at_most: 0.25}").text(), "at most 0.25");
  EXPECT_EQ(read("{at_least: 2, tolerance: 0.1}").text(), "at least 2 ± 0.1");
  EXPECT_EQ(read("{equals: 0.5, tolerance: 0.02}").text(), "0.5 ± 0.02");
  EXPECT_EQ(read("{at_least: 0.8, at_most: 1}").text(), "0.8 to 1");
  EXPECT_EQ(to_json(read("{equals: 0.5, tolerance: 0.02}")).dump(), R"({"equals":0.5,"tolerance":0.02})");
}

TEST(Expectation, RefusesWhatCannotBeMeant) {
  for (const char* yaml :
       {"{}", "{tolerance: 1}", "{equals: 1, at_most: 2}", "{at_least: 2, at_most: 1}", "{equals: x}",
        "{equals: .nan}", "{at_most: 1, tolerance: -1}", "{at_msot: 1}", "0.5", "[1]"}) {
    Problems problems;
    read(yaml, problems);
    EXPECT_EQ(problems.size(), 1U) << yaml << "\n" << problems.text();
  }
}

}  // namespace
}  // namespace actlab
