#include "config/keys.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

const std::vector<std::string> kKeys = {
    "seed",         "data",         "data.root",        "model.activation",
    "optimizer.lr", "train.epochs", "train.batch_size", "run.root"};

TEST(KeyLike, IsTheKeyThatEndsSo) {
  EXPECT_EQ(key_like("epochs", kKeys), "train.epochs");
  EXPECT_EQ(key_like("train.lr", kKeys), "optimizer.lr");
  EXPECT_EQ(key_like("activation", kKeys), "model.activation");
  EXPECT_EQ(key_like("root", kKeys), "data.root' or 'run.root");
  EXPECT_EQ(key_like("learning_rate", kKeys), "optimizer.lr");
  EXPECT_EQ(key_like("bs", kKeys), "train.batch_size");
}

TEST(KeyLike, OrEndsNearly) {
  EXPECT_EQ(key_like("epoch", kKeys), "train.epochs");
  EXPECT_EQ(key_like("epoch", kKeys, /*exactly=*/true), "");
  EXPECT_EQ(key_like("banana", kKeys), "");
}

}  // namespace
}  // namespace actlab
