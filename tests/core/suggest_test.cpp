#include "core/suggest.h"

#include <gtest/gtest.h>

namespace actlab::test {
namespace {

const std::vector<std::string> kActivations = {"sigmoid",  "tanh", "relu",    "leaky_relu",
                                               "prelu",    "elu",  "softmax", "log_softmax",
                                               "identity", "gelu", "silu",    "selu"};
const std::vector<std::string> kSections = {"seed", "device", "threads",  "data",      "model",     "loss",
                                            "run",  "train",  "schedule", "optimizer", "checkpoint"};

TEST(Nearest, MendsTypos) {
  EXPECT_EQ(nearest("rleu", kActivations), "relu");
  EXPECT_EQ(nearest("relu6", kActivations), "relu");
  EXPECT_EQ(nearest("sigmiod", kActivations), "sigmoid");
  EXPECT_EQ(nearest("leakyrelu", kActivations), "leaky_relu");
  EXPECT_EQ(nearest("optimzer", kSections), "optimizer");
  EXPECT_EQ(nearest("chekpoint", kSections), "checkpoint");
  EXPECT_EQ(nearest("trian", kSections), "train");
}

TEST(Nearest, GivesNothingForFarOrAbsurdWords) {
  EXPECT_EQ(nearest("banana", kActivations), "");
  EXPECT_EQ(nearest("x", kSections), "");
  EXPECT_EQ(nearest("", kSections), "");
  EXPECT_EQ(nearest(std::string(1'000'000, 'r'), kSections), "");
  EXPECT_EQ(nearest("relu", {}), "");
}

TEST(Nearest, TakesADifferenceInCaseForASmallOne) {
  EXPECT_EQ(nearest("ReLU", kActivations), "relu");
  EXPECT_EQ(nearest("ELU", kActivations), "elu");
  EXPECT_EQ(nearest("LeakyReLU", kActivations), "leaky_relu");
  EXPECT_EQ(nearest("Elu", {"flu", "elu"}), "elu");
}

TEST(DidYouMean, IsASentenceOrNothing) {
  EXPECT_EQ(did_you_mean("rleu", kActivations), " (did you mean 'relu'?)");
  EXPECT_EQ(did_you_mean("banana", kActivations), "");
}

}  // namespace
}  // namespace actlab::test
