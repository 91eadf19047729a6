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

// Words of other programs, which are no typos.
TEST(Nearest, DoesNotTakeOneWordForAnother) {
  const std::vector<std::string> commands = {"train",    "evaluate", "predict",     "report",
                                             "diagnose", "compare",  "activations", "lesson",
                                             "config",   "data",     "info"};
  for (const char* word : {"export", "import", "init", "runs", "completion", "serve", "diff", "deploy"})
    EXPECT_EQ(nearest(word, commands), "") << word;
  EXPECT_EQ(nearest("rtain", commands), "train");
  EXPECT_EQ(nearest("repotr", commands), "report");
}

TEST(Nearest, TakesADifferenceInCaseForASmallOne) {
  EXPECT_EQ(nearest("ReLU", kActivations), "relu");
  EXPECT_EQ(nearest("ELU", kActivations), "elu");
  EXPECT_EQ(nearest("LeakyReLU", kActivations), "leaky_relu");
  EXPECT_EQ(nearest("Elu", {"flu", "elu"}), "elu");
}

TEST(DidYouMean, IsASentenceOrNothing) {
  EXPECT_EQ(did_you_mean("rleu", kActivations), ": did you mean 'relu'?");
  EXPECT_EQ(did_you_mean("banana", kActivations), "");
}

TEST(UnknownName, SaysWhatWasMeantBeforeWhatThereIs) {
  EXPECT_EQ(unknown_name("activation", "rleu", kActivations, "actlab activations list"),
            "unknown activation 'rleu': did you mean 'relu'? (12 there are: actlab activations list)");
  EXPECT_EQ(unknown_name("optimizer", "adma", {"sgd", "adam"}),
            "unknown optimizer 'adma': did you mean 'adam'? (there are: sgd, adam)");
  EXPECT_EQ(unknown_name("optimizer", "lion", {"sgd", "adam"}),
            "unknown optimizer 'lion' (there are: sgd, adam)");
  EXPECT_EQ(known_names(kActivations),
            "12 there are: sigmoid, tanh, relu, leaky_relu, prelu, elu, softmax, log_softmax, ...");
}

}  // namespace
}  // namespace actlab::test
