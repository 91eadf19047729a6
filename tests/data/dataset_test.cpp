#include "data/dataset.h"

#include <gmock/gmock.h>

#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::ElementsAre;

TEST(Part, SelectsWholeExamplesInTheOrderGivenAndCopiesNone) {
  const Part data({1, 1, 2, 3}, {10, 11, 20, 21, 30, 31}, {0, 1, 2});
  const Part chosen = data.select({2, 0});
  EXPECT_THAT(samples_of(chosen), ElementsAre(30, 31, 10, 11));
  EXPECT_THAT(chosen.labels(), ElementsAre(2, 0));
  EXPECT_EQ(chosen.shape(), data.shape());
  EXPECT_EQ(&chosen.source(), &data.source());
  EXPECT_THAT(samples_of(chosen.select({1})), ElementsAre(10, 11));
}

TEST(Part, CanHaveMoreClassesThanAByteNames) {
  const Part data({1, 1, 1, 1000}, {1, 2}, {999, 3});
  EXPECT_THAT(data.labels(), ElementsAre(999, 3));
  EXPECT_THAT(data.relabelled({1, 0}, 2).labels(), ElementsAre(1, 0));
  EXPECT_EQ(data.relabelled({1, 0}, 2).shape().classes, 2);
}

TEST(Part, WithoutASourceIsEmpty) {
  EXPECT_EQ(Part().size(), 0);
  EXPECT_TRUE(Part().labels().empty());
}

}  // namespace
}  // namespace actlab::test
