#include "app/diagnosis.h"

#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

namespace actlab {
namespace {

using testing::HasSubstr;

// Thirty layers with everything a table can show.
Diagnosis deep() {
  Diagnosis diagnosis;
  diagnosis.examination.examples = 500;
  diagnosis.theory.emplace();
  for (int i = 1; i <= 30; ++i) {
    LayerRecord layer;
    layer.layer = "layers.with.a.long.name." + std::to_string(i);
    layer.activation = "x * sigmoid(1.702 * x) + 0.0001 * x";
    layer.units = 100;
    layer.pre_std = 1.23456e-30;
    layer.mean = -1.23456e-30;
    layer.zeros = layer.dead = layer.saturated = 1;
    layer.dead = 0.03;
    layer.dead_units = {3, 17, 42};
    layer.delta = 1.23456e-300;
    layer.delta_ratio = 0.1414;
    layer.learned = {{"weight", 0.25}};
    diagnosis.examination.layers.push_back(layer);
    LayerPrediction prediction;
    prediction.layer = layer.layer;
    prediction.gain = 0.577;
    prediction.critical_gain = 15.2;
    diagnosis.theory->layers.push_back(prediction);
  }
  diagnosis.theory->vanishing_depth = 8.24;
  diagnosis.theory->notes = {"a note"};
  diagnosis.verdicts = {
      {"vanishing",
       {"act1", "act2", "act3", "act4", "act5"},
       std::string(60, 'a') + " " + std::string(60, 'b'),
       "evidence",
       {{{"model.activation={type: leaky_relu, negative_slope: 0.1}", "model.init=auto"}, "why"}}}};
  return diagnosis;
}

Trial trial(const std::string& override, double accuracy, double loss, bool diverged = false) {
  Trial t;
  if (!override.empty()) t.overrides = {override};
  t.value = accuracy;
  t.loss = loss;
  t.diverged = diverged;
  return t;
}

TEST(Diagnosis, TextFitsAHundredColumns) {
  const std::string text = to_text(deep());
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  EXPECT_THAT(text, HasSubstr("3, 17, 42"));
  EXPECT_THAT(text, HasSubstr("8.2 layers"));
  EXPECT_THAT(text, HasSubstr("15.2"));
  EXPECT_THAT(text, HasSubstr("-1e-30"));
  EXPECT_THAT(text, HasSubstr("vanishing in act1 to act5 (5 layers)"));
  EXPECT_THAT(text, HasSubstr("all 500 examples alike, an upper bound"));
  EXPECT_THAT(text, HasSubstr("'model.activation={type: leaky_relu, negative_slope: 0.1}' model.init=auto"));
}

TEST(Diagnosis, BeginsAndEndsWithTheVerdictAndACommandToCopy) {
  Diagnosis diagnosis = deep();
  diagnosis.command = {"actlab", "train", "my config.yaml", "seed=2"};
  const std::string said =
      "vanishing in act1 to act5 (5 layers)\n  actlab train 'my config.yaml' seed=2 "
      "'model.activation={type: leaky_relu, negative_slope: 0.1}' model.init=auto\n";
  EXPECT_THAT(to_text(diagnosis), testing::StartsWith(said));
  EXPECT_THAT(to_text(diagnosis), testing::EndsWith("\n" + said));
  diagnosis.trials = {trial("a=1", 0.9, 0.3), trial("", 0.11, 2.3)};
  EXPECT_THAT(to_text(diagnosis), testing::EndsWith("train 'my config.yaml' seed=2 a=1\n"));
  std::swap(diagnosis.trials[0], diagnosis.trials[1]);  // nothing helped
  EXPECT_THAT(to_text(diagnosis), testing::EndsWith("\nvanishing in act1 to act5 (5 layers)\n"));
}

TEST(Diagnosis, CallsFlatPartsWhatTheyAre) {
  Diagnosis diagnosis = deep();
  EXPECT_THAT(to_text(diagnosis), HasSubstr("sat.: saturated, |f'| below a"));
  auto& layers = diagnosis.examination.layers;
  std::swap(layers[0].saturated, layers[0].off);
  EXPECT_THAT(to_text(diagnosis), HasSubstr("activation, saturated in another"));
  for (size_t i = 1; i < layers.size(); ++i) std::swap(layers[i].saturated, layers[i].off);
  EXPECT_THAT(to_text(diagnosis), HasSubstr("activation is made to be"));
}

TEST(Diagnosis, JsonHasWhatTheTextHas) {
  Diagnosis diagnosis = deep();
  diagnosis.trials = {trial("", 0.11, 2.3), trial("a=1", 0.9, 0.3)};
  rank(diagnosis.trials);
  const auto json = to_json(diagnosis);
  EXPECT_EQ(json["layers"].size(), 30U);
  EXPECT_TRUE(json["layers"][0]["predicted"].contains("delta_ratio"));
  EXPECT_EQ(json["theory"]["vanishing_depth"], 8.24);
  EXPECT_EQ(json["theory"]["gains"][0]["critical_gain"], 15.2);
  EXPECT_EQ(json["verdicts"][0]["name"], "vanishing");
  EXPECT_EQ(json["tried"][0]["overrides"][0], "a=1");
  EXPECT_NEAR(json["tried"][0]["gain"].get<double>(), 0.79, 1e-12);
  EXPECT_TRUE(json["tried"][1]["untouched"].get<bool>());
  diagnosis.theory.reset();
  EXPECT_TRUE(to_json(diagnosis)["theory"].is_null());
  EXPECT_TRUE(to_json(diagnosis)["layers"][0]["predicted"].is_null());
  EXPECT_THAT(to_text(diagnosis), HasSubstr("trained"));
}

TEST(Diagnosis, TrialsAreRankedByAccuracyThenLossAndDivergedOnesAreLast) {
  std::vector<Trial> trials = {trial("diverged=1", kUndefined, kUndefined, true), trial("worst=1", 0.1, 0.1),
                               trial("", 0.5, 0.4), trial("best=1", 0.5, 0.3)};
  rank(trials);
  EXPECT_EQ(trials[0].overrides[0], "best=1");
  EXPECT_TRUE(trials[1].overrides.empty());
  EXPECT_EQ(trials[3].overrides[0], "diverged=1");
  Diagnosis diagnosis;
  diagnosis.trials = trials;
  EXPECT_THAT(to_text(diagnosis), HasSubstr("diverged"));
  EXPECT_THAT(to_text(diagnosis), HasSubstr("as it is"));
  EXPECT_TRUE(to_json(diagnosis)["tried"][3]["accuracy"].is_null());
}

}  // namespace
}  // namespace actlab
