#include "app/requirement.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "core/test_support.h"

namespace actlab::test {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;

bool holds(const std::string& requirement, double accuracy) {
  return parse_requirement(requirement).holds({{"accuracy", accuracy}});
}

TEST(Requirement, ComparesAsItSays) {
  for (const double accuracy : {0.97, 0.98, 0.99}) {
    EXPECT_EQ(holds("accuracy>=0.98", accuracy), accuracy >= 0.98);
    EXPECT_EQ(holds("accuracy>0.98", accuracy), accuracy > 0.98);
    EXPECT_EQ(holds("accuracy<=0.98", accuracy), accuracy <= 0.98);
    EXPECT_EQ(holds("accuracy<0.98", accuracy), accuracy < 0.98);
  }
}

TEST(Requirement, BlanksAndAnyWayToWriteANumberAreTaken) {
  EXPECT_TRUE(holds(" accuracy >= 9.8e-1 ", 0.98));
  EXPECT_FALSE(holds("accuracy > -0", 0));
  EXPECT_TRUE(holds("accuracy>=.5", 0.5));
}

TEST(Requirement, WhatIsNoneIsRefused) {
  for (const char* text :
       {"", "accuracy", "accuracy=0.98", "accuracy==0.98", "accuracy>=", "accuracy>=high", "accuracy>=0.98%",
        "accuracy>=0.9 0.8", "accuracy>=nan", "accuracy<inf", "accuracy>=1e999", "accuracy>>0.9"}) {
    EXPECT_THAT(error_of([&] { parse_requirement(text); }, ExitStatus::kUsage), HasSubstr("accuracy>=0.98"))
        << text;
  }
}

TEST(Requirement, AMetricThatIsNotThereIsAnsweredWithTheNearest) {
  const ordered_json figures = {{"loss", 0}, {"accuracy", nullptr}, {"confusion", ordered_json::array()}};
  parse_requirement("accuracy>0").check(figures);
  EXPECT_THAT(error_of([&] { parse_requirement("acuracy>0").check(figures); }, ExitStatus::kUsage),
              HasSubstr("did you mean 'accuracy'"));
  EXPECT_THAT(error_of([&] { parse_requirement("confusion>0").check(figures); }, ExitStatus::kUsage),
              HasSubstr("loss, accuracy"));
  EXPECT_THAT(error_of([&] { parse_requirement("accuracy>0").holds(figures); }, ExitStatus::kUsage),
              HasSubstr("undefined"));
}

}  // namespace
}  // namespace actlab::test
