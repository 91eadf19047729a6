#include "diagnose/life.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

Examination with_dead(std::vector<int64_t> dead) {
  LayerRecord layer;
  layer.layer = "act1";
  layer.units = 5;
  layer.dead_units = std::move(dead);
  Examination e;
  e.layers = {layer};
  return e;
}

// births, deaths, revivals
std::vector<int64_t> changes(LifeTable& table, std::vector<int64_t> dead) {
  Examination e = with_dead(std::move(dead));
  table.follow(e);
  return {e.layers[0].births, e.layers[0].deaths, e.layers[0].revivals};
}

using Changes = std::vector<int64_t>;

TEST(LifeTable, CountsBirthsDeathsAndRevivals) {
  LifeTable table;
  EXPECT_EQ(changes(table, {3, 4}), (Changes{0, 0, 0}));  // the first one sets the scene
  EXPECT_EQ(changes(table, {0, 3}), (Changes{1, 1, 0}));
  EXPECT_EQ(changes(table, {0, 3}), (Changes{0, 0, 0}));
  EXPECT_EQ(changes(table, {4}), (Changes{1, 1, 1}));
  EXPECT_EQ(changes(table, {}), (Changes{0, 0, 1}));
}

TEST(LifeTable, ComesBackFromTheRecordedExaminations) {
  LifeTable whole, resumed;
  std::vector<Examination> recorded;
  for (const auto& dead : std::vector<std::vector<int64_t>>{{3}, {0}, {0, 1}}) {
    recorded.push_back(with_dead(dead));
    whole.follow(recorded.back());
  }
  for (auto e : recorded) resumed.follow(e);
  EXPECT_EQ(changes(whole, {1, 2}), changes(resumed, {1, 2}));
}

TEST(LifeTable, UnitsThatAreNotThereAreNoHarm) {
  LifeTable table;
  EXPECT_EQ(changes(table, {-1, 99}), (Changes{0, 0, 0}));
}

}  // namespace
}  // namespace actlab
