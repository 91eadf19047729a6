#include "train/state.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "core/test_support.h"

namespace actlab::test {
namespace {

// Three epochs of 540 batches and 17 of the fourth.
TrainState state() {
  TrainState state;
  state.epoch = 3;
  state.step = 1637;
  state.batch = 17;
  state.loss_sum = 0.1 + 0.2;
  state.examples = 1700;
  state.train_losses = {1.0 / 3, 2e-17, 0.25};
  state.watched = {0.7, 0.1, 0.4};
  state.best_epoch = 2;
  state.data_fingerprint = std::string(64, 'a');
  state.shape = {3, 8, 9, 2};
  state.class_names = {"no", "yes"};
  return state;
}

TrainOptions options(int64_t epochs = 10, bool drop_last = false) {
  TrainOptions options;
  options.epochs = epochs;
  options.drop_last = drop_last;
  return options;
}

TEST(TrainState, SurvivesJsonToTheLastBit) {
  const TrainState back = TrainState::from_json(state().to_json(), "x");
  EXPECT_EQ(back.to_json(), state().to_json());
  EXPECT_EQ(back.loss_sum, state().loss_sum);
  EXPECT_EQ(back.shape, state().shape);
  EXPECT_EQ(state().to_json().find("watched_figure"), std::string::npos);
  TrainState watching = state();
  watching.watched_figure = {0.5, 0.6, 0.7};
  EXPECT_EQ(TrainState::from_json(watching.to_json(), "x").watched_figure, watching.watched_figure);
  watching.watched_figure.pop_back();
  EXPECT_THAT(error_of([&] { TrainState::from_json(watching.to_json(), "x"); }),
              testing::HasSubstr("watched_figure"));
  TrainState fresh;
  fresh.data_fingerprint = std::string(64, '0');
  EXPECT_EQ(TrainState::from_json(fresh.to_json(), "x").to_json(), fresh.to_json());
}

TEST(TrainState, RefusesOtherTextNamingTheFile) {
  for (const char* text : {"", "{}", "[]", "7", "{\"epoch\": \"one\"}", "{\"epoch\":", "\xff"}) {
    EXPECT_NE(error_of([&] { TrainState::from_json(text, "some.safetensors"); }).find("some.safetensors"),
              std::string::npos);
  }
}

TEST(TrainState, RefusesEveryFieldThatCannotBe) {
  const auto good = nlohmann::json::parse(state().to_json());
  int refused = 0;
  const auto refuse = [&](const std::string& key, const std::string& text) {
    const std::string message = error_of([&] { TrainState::from_json(text, "x"); });
    EXPECT_FALSE(message.empty()) << text;
    EXPECT_THAT(message, testing::HasSubstr(key)) << text;
    EXPECT_THAT(message, testing::Not(testing::HasSubstr("json.exception"))) << text;
    ++refused;
  };
  for (const auto& [key, value] : good.items()) {
    auto without = good;
    without.erase(key);
    refuse(key, without.dump());
    const std::string text = good.dump();
    refuse(key, "{\"" + key + "\":" + value.dump() + "," + text.substr(1));  // there twice
    for (const char* other : {"null", "true", "{}", "-1", "1.5", "1e18", "9223372036854775807",
                              "18446744073709551615", "[[1]]", "[null]", "[\"x\", 1]", "[-1, 2]", "1e39"}) {
      auto changed = good;
      changed[key] = nlohmann::json::parse(other);
      if (key == "loss_sum" && changed[key].is_number()) continue;
      refuse(key, changed.dump());
    }
  }
  for (const auto& [key, values] : std::map<std::string, std::vector<std::string>>{
           {"epoch", {"2", "4"}},
           {"step", {"1636", "1638", "0", "10000000000"}},
           {"batch", {"0", "16", "1701"}},
           {"examples", {"0", "16"}},
           {"loss_sum", {"1e300", "-1e300"}},
           {"train_losses", {"[]", "[1,2]", "[1,2,3,4]", "[1,2,1e40]"}},
           {"watched", {"[]", "[1,2]", "[1,2,3,4]", "[1,2,-1e40]"}},
           {"best_epoch", {"0", "4"}},
           {"shape", {"[]", "[1,2]", "[1,2,3,4]", "[0,8,9]", "[67108865,1,1]", "[10000,10000,10000]"}},
           {"data_fingerprint", {"\"abc\"", "\"\"", "\"" + std::string(64, 'A') + "\""}},
           {"more", {"1"}}}) {
    for (const auto& value : values) {
      auto changed = good;
      changed[key] = nlohmann::json::parse(value);
      // Which of two that contradict each other is named is the check's choice.
      refuse("", changed.dump());
    }
  }
  EXPECT_GT(refused, 150);
}

TEST(CheckState, KnowsWhatSoManyExamplesMake) {
  EXPECT_NO_THROW(check_state(state(), options(), 54000, "x"));
  EXPECT_NO_THROW(check_state(state(), options(10, true), 54099, "x"));
  EXPECT_NO_THROW(check_state(state(), options(), std::nullopt, "x"));
  EXPECT_THAT(error_of([&] { check_state(state(), options(3), std::nullopt, "x"); }),
              testing::HasSubstr("train.epochs"));
  EXPECT_THAT(error_of([&] { check_state(state(), options(), 54001, "x"); }), testing::HasSubstr("step"));
  EXPECT_THAT(error_of([&] { check_state(state(), options(), 1600, "x"); }), testing::HasSubstr("batch"));
  TrainState other = state();
  other.examples = 1699;
  EXPECT_THAT(error_of([&] { check_state(other, options(), 54000, "x"); }), testing::HasSubstr("examples"));
}

}  // namespace
}  // namespace actlab::test
