#include "lesson/draws.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace actlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Quantile, LiesBetweenNeighbours) {
  EXPECT_EQ(quantile({3, 1, 2}, 0.5), 2);
  EXPECT_DOUBLE_EQ(quantile({0, 10}, 0.05), 0.5);
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
  EXPECT_EQ(spread_of({1, kUndefined, 1}).draws, 2);
}

TEST(Draws, ANetworkThatLacksAValueIsLeftOutOfAllMeans) {
  Draws draws;
  // The last layer never has one, as delta_ratio; the second network lacks another.
  draws.add({1, 2, kUndefined});
  draws.add({9, kUndefined, kUndefined});
  draws.add({3, 4, kUndefined});
  EXPECT_THAT(draws.complete(), ElementsAre(true, false, true));
  const LayerValues values = draws.values("x", draws.complete());
  EXPECT_EQ(values.mean[0], 2);
  EXPECT_EQ(values.mean[1], 3);
  EXPECT_TRUE(std::isnan(values.mean[2]));
  EXPECT_DOUBLE_EQ(values.low[0], 1.1);
  EXPECT_DOUBLE_EQ(values.high[0], 2.9);
}

TEST(Draws, RatiosToALayerHaveGeometricMeans) {
  Draws draws(Draws::Reference::kLast);
  draws.add({1, 2});
  draws.add({8, 1});
  draws.add({0, 1});  // dead: its logarithm is no number
  EXPECT_THAT(draws.complete(), ElementsAre(true, true, false));
  const LayerValues values = draws.values("x", draws.complete());
  EXPECT_DOUBLE_EQ(values.mean[0], 2);
  EXPECT_EQ(values.mean[1], 1);
  EXPECT_DOUBLE_EQ(draws.of(0)[0], 0.5);
}

TEST(Draws, NoneAtAllIsNoMean) {
  Draws draws;
  draws.add({kUndefined});
  EXPECT_THAT(draws.complete(), ElementsAre(false));
  EXPECT_TRUE(std::isnan(draws.values("x", draws.complete()).mean[0]));
}

TEST(LeftOut, SaysHowManyAndWhy) {
  EXPECT_EQ(left_out_text("ratio", {true, true}, {"", ""}, 1), "");
  EXPECT_EQ(left_out_text("ratio", {true, false}, {"", "all units of act2 are dead"}, 7),
            "1 of 2 networks is left out of ratio: with seed 8 all units of act2 are dead");
  const std::string many =
      left_out_text("x", std::vector<bool>(5, false), std::vector<std::string>(5, "dead"), 1);
  EXPECT_THAT(many, HasSubstr("5 of 5 networks are left out"));
  EXPECT_THAT(many, testing::EndsWith("..."));
  Examination examination;
  examination.layers.resize(2);
  examination.layers[1].layer = "act2";
  examination.layers[0].delta = examination.layers[1].delta = 1;
  EXPECT_EQ(what_ails(examination), "a layer has no value");
  examination.layers[1].delta = 0;
  EXPECT_EQ(what_ails(examination), "no gradient reaches act2");
  examination.layers[1].dead = 1;
  EXPECT_EQ(what_ails(examination), "all units of act2 are dead");
}

}  // namespace
}  // namespace actlab
