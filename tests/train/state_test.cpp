#include "train/state.h"

#include "core/test_support.h"

namespace actlab::test {
namespace {

TEST(TrainState, SurvivesJsonToTheLastBit) {
  TrainState state;
  state.epoch = 3;
  state.step = 1620;
  state.batch = 17;
  state.loss_sum = 0.1 + 0.2;
  state.examples = 1700;
  state.train_losses = {1.0 / 3, 2e-17};
  state.watched = {0.7, 0.1};
  state.best_epoch = 2;
  state.data_fingerprint = "abc";
  state.shape = {3, 8, 9, 2};
  state.class_names = {"no", "yes"};
  const TrainState back = TrainState::from_json(state.to_json(), "x");
  EXPECT_EQ(back.to_json(), state.to_json());
  EXPECT_EQ(back.loss_sum, state.loss_sum);
  EXPECT_EQ(back.shape, state.shape);
}

TEST(TrainState, RefusesOtherTextNamingTheFile) {
  for (const char* text : {"", "{}", "[]", "{\"epoch\": \"one\"}"}) {
    EXPECT_NE(error_of([&] { TrainState::from_json(text, "some.safetensors"); }).find("some.safetensors"),
              std::string::npos);
  }
}

TEST(StopsEarly, AfterPatienceEpochsWithoutABetterLoss) {
  EXPECT_FALSE(stops_early({0, 0}, {1, 2, 3, 4}));
  EXPECT_FALSE(stops_early({2, 0}, {1, 0.9, 0.95}));
  EXPECT_TRUE(stops_early({2, 0}, {1, 0.9, 0.95, 0.9}));
  EXPECT_TRUE(stops_early({2, 0.2}, {1, 0.9, 0.85}));
}

}  // namespace
}  // namespace actlab::test
