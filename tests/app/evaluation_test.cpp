#include "app/evaluation.h"

#include <gtest/gtest.h>

namespace actlab::test {
namespace {

// Files in tests/data/checkpoints that version 0.1.0 wrote in November 2026, before models were lists of
// layers and data were views; their data are made up from the seed.
TEST(Checkpoints, OldOnesGiveTheFiguresOfTheirTime) {
  struct Old {
    const char* name;
    int64_t examples;
    double loss, accuracy;
  };
  for (const Old& old : {Old{"sequential", 200, 0.11132431030273438, 0.96},
                         {"mlp", 90, 0.009640767239034176, 0.9777777777777777},
                         {"formula", 90, 0.08799570798873901, 1.0}}) {
    const std::string file =
        ACTLAB_SOURCE_DIR "/tests/data/checkpoints/" + std::string(old.name) + ".safetensors";
    const app::EvaluateResult result =
        app::evaluate({.checkpoint = file, .overrides = {"threads=1", "device=cpu"}});
    EXPECT_EQ(result.evaluation.examples, old.examples) << old.name;
    EXPECT_EQ(result.evaluation.value, old.accuracy) << old.name;
    // Other processors add up in another order.
    EXPECT_NEAR(result.evaluation.loss, old.loss, 1e-5 * old.loss) << old.name;
  }
}

}  // namespace
}  // namespace actlab::test
