#include "core/non_finite.h"

#include <gmock/gmock.h>

#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST(NonFinite, SaysWhereHowManyAndWhichFirst) {
  NonFinite bad;
  bad.throw_if_any("the test data", 40);
  bad.add(7);
  bad.add(9);
  EXPECT_EQ(bad.count(), 2);
  EXPECT_THAT(error_of([&] { bad.throw_if_any("the test data", 40); }, ExitStatus::kDiverged),
              AllOf(StartsWith("the test data: 2 of 40 examples"), HasSubstr("example 7 (counted from 0)")));
}

}  // namespace
}  // namespace actlab::test
