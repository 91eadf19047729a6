#include "diagnose/setup.h"

#include <gtest/gtest.h>

#include <cmath>

namespace actlab {
namespace {

TEST(TrainingSetup, TakesWhatVerdictsNeedFromTheConfig) {
  Config config;
  config.model = Node::map();
  config.optimizer = Node::map();
  EXPECT_EQ(setup_of(config).init, "default");
  EXPECT_TRUE(std::isnan(setup_of(config).lr));

  config.model["init"] = Node::scalar("he_normal");
  config.optimizer["lr"] = Node::scalar("0.25");
  config.train.clip.norm = 2;
  config.train.clip.value = 0.5;
  const TrainingSetup setup = setup_of(config);
  EXPECT_EQ(setup.init, "he_normal");
  EXPECT_EQ(setup.lr, 0.25);
  EXPECT_TRUE(setup.hidden.empty());
  config.model["hidden"] = Node::list();
  config.model["hidden"].items = {Node::scalar("30"), Node::scalar("20")};
  EXPECT_EQ(setup_of(config).hidden, (std::vector<int64_t>{30, 20}));
  EXPECT_EQ(setup.clip_norm, 2);
  EXPECT_EQ(setup.clip_value, 0.5);

  Node init = Node::map();
  init["type"] = Node::scalar("normal");
  init["std"] = Node::scalar("0.1");
  config.model["init"] = init;
  EXPECT_EQ(setup_of(config).init, "normal");
}

}  // namespace
}  // namespace actlab
