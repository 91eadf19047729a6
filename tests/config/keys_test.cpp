#include "config/keys.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

const std::vector<std::string> kKeys = {"seed",
                                        "data",
                                        "data.root",
                                        "model.activation",
                                        "optimizer.lr",
                                        "train.epochs",
                                        "train.batch_size",
                                        "run.root",
                                        "schedule.patience",
                                        "train.early_stopping.patience",
                                        "train.clip.norm"};

TEST(KeyLike, IsTheKeyThatEndsSo) {
  EXPECT_EQ(key_like("epochs", kKeys), "train.epochs");
  EXPECT_EQ(key_like("train.lr", kKeys), "optimizer.lr");
  EXPECT_EQ(key_like("activation", kKeys), "model.activation");
  EXPECT_EQ(key_like("root", kKeys), "data.root' or 'run.root");
  EXPECT_EQ(key_like("learning_rate", kKeys), "optimizer.lr");
  EXPECT_EQ(key_like("bs", kKeys), "train.batch_size");
}

TEST(KeyLike, IsOneOfTheSectionThatWasNamed) {
  EXPECT_EQ(key_like("train.patience", kKeys), "train.early_stopping.patience");
  EXPECT_EQ(key_like("patience", kKeys), "schedule.patience");
  EXPECT_EQ(key_like("optimizer.clip_grad_norm", kKeys), "train.clip.norm");
}

TEST(KeyLike, OrEndsNearly) {
  EXPECT_EQ(key_like("epoch", kKeys), "train.epochs");
  EXPECT_EQ(key_like("epoch", kKeys, /*exactly=*/true), "");
  EXPECT_EQ(key_like("banana", kKeys), "");
}

}  // namespace
}  // namespace actlab
