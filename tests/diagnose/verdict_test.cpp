#include "diagnose/verdict.h"

#include <gmock/gmock.h>

#include <cmath>

namespace actlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A layer as a network that trains well shows it.
LayerRecord good(const std::string& name, const std::string& activation = "relu") {
  LayerRecord layer;
  layer.layer = name;
  layer.activation = activation;
  layer.units = 100;
  layer.fan_in = 100;
  layer.pre_mean = 0;
  layer.pre_std = 1;
  layer.mean = 0.4;
  layer.std = 0.58;
  layer.centredness = 0.69;
  layer.zeros = activation == "relu" ? 0.5 : 0;
  (activation == "relu" ? layer.off : layer.saturated) = layer.zeros;
  layer.dead = 0;
  layer.delta = 1e-3;
  layer.delta_ratio = 1;
  layer.weight_norm = 10;
  layer.gradient_ratio = 1e-2;
  layer.update_ratio = 1e-3;
  layer.one_sign_examples = 1;
  layer.one_sign_batch = 0.2;
  return layer;
}

Examination examination_of(std::vector<LayerRecord> layers, int64_t step = 0) {
  layers.back().delta_ratio = kUndefined;
  Examination e;
  e.step = step;
  e.examples = 500;
  e.layers = std::move(layers);
  return e;
}

TrainingSetup setup() {
  TrainingSetup s;
  s.lr = 0.003;
  s.chance_loss = std::log(10);
  return s;
}

std::vector<Verdict> judged(const std::vector<LayerRecord>& layers, const std::vector<double>& losses = {},
                            int64_t step = 0) {
  return judge(setup(), {{examination_of(layers, step)}, nullptr, losses});
}

// As it was before the first step and is after so many.
std::vector<Verdict> judged_change(const TrainingSetup& s, const std::vector<LayerRecord>& start,
                                   const std::vector<LayerRecord>& now,
                                   const std::vector<double>& losses = {}) {
  return judge(s, {{examination_of(start), examination_of(now, 100)}, nullptr, losses});
}

// All rates that the remedies set.
std::vector<std::string> rates(const std::vector<Verdict>& verdicts) {
  std::vector<std::string> list;
  for (const auto& verdict : verdicts) {
    for (const auto& remedy : verdict.remedies) {
      for (const auto& override : remedy.overrides) {
        if (override.starts_with("optimizer.lr=")) list.push_back(override.substr(13));
      }
    }
  }
  return list;
}

std::vector<std::string> names(const std::vector<Verdict>& verdicts) {
  std::vector<std::string> list;
  for (const auto& verdict : verdicts) list.push_back(verdict.name);
  return list;
}

TEST(Verdict, AReluNetWithHalfItsOutputsZeroIsHealthy) {
  const auto verdicts = judged({good("act1"), good("act2"), good("act3")}, {0.5, 0.1});
  EXPECT_THAT(names(verdicts), ElementsAre("healthy"));
  EXPECT_TRUE(verdicts[0].remedies.empty());
  EXPECT_THAT(names(judge(setup(), {})), ElementsAre("healthy"));
  EXPECT_THAT(names(judged({good("act1")})), ElementsAre("healthy"));
}

TEST(Verdict, AThirdOfTheGradientALayerVanishes) {
  std::vector<LayerRecord> layers;
  for (int i = 1; i <= 12; ++i) {
    layers.push_back(good("act" + std::to_string(i), "sigmoid"));
    layers.back().delta_ratio = 0.14;
  }
  const auto verdicts = judged(layers);
  ASSERT_THAT(names(verdicts), ElementsAre("vanishing"));
  EXPECT_EQ(verdicts[0].layers.front(), "act1");
  EXPECT_EQ(verdicts[0].layers.back(), "act8");  // 0.14^4 < 1e-3
  EXPECT_THAT(verdicts[0].evidence, HasSubstr("0.14 times a layer"));
  ASSERT_GE(verdicts[0].remedies.size(), 3U);
  EXPECT_THAT(verdicts[0].remedies[0].overrides,
              ElementsAre("model.activation=tanh", "model.init=xavier_normal"));
  EXPECT_THAT(verdicts[0].remedies[3].overrides, ElementsAre("model.init=auto"));
}

TEST(Verdict, AGradientOfZeroHasVanished) {
  std::vector<LayerRecord> layers = {good("act1", "sigmoid"), good("act2", "sigmoid"), good("act3")};
  layers[0].delta = layers[1].delta = 0;
  layers[0].delta_ratio = kUndefined;  // 0 / 0
  layers[1].delta_ratio = 0;
  EXPECT_THAT(names(judged(layers)), ElementsAre("vanishing"));
}

TEST(Verdict, LargeRatiosExplode) {
  std::vector<LayerRecord> layers;
  for (int i = 1; i <= 12; ++i) {
    layers.push_back(good("act" + std::to_string(i)));
    layers.back().delta_ratio = 2;
  }
  const auto verdicts = judged(layers);
  ASSERT_THAT(names(verdicts), ElementsAre("exploding"));
  EXPECT_THAT(verdicts[0].layers, ElementsAre("act1", "act2"));
}

TEST(Verdict, DeadUnitsAndDyingOnesAreToldApart) {
  LayerRecord layer = good("act1");
  layer.dead = 0.3;
  layer.zeros = layer.off = 0.65;
  for (int64_t i = 0; i < 30; ++i) layer.dead_units.push_back(i);
  const auto verdicts = judged({layer, good("act2")});
  ASSERT_THAT(names(verdicts), ElementsAre("dead_units"));
  EXPECT_THAT(verdicts[0].layers, ElementsAre("act1"));
  EXPECT_THAT(verdicts[0].evidence, HasSubstr("30 of 100"));
  EXPECT_THAT(verdicts[0].remedies[0].overrides[0], HasSubstr("leaky_relu"));
  EXPECT_THAT(rates(verdicts), ElementsAre());  // no step was taken

  LayerRecord before = good("act1");
  before.dead = 0.02;
  const auto dying = judged_change(setup(), {before, good("act2")}, {layer, good("act2")});
  ASSERT_THAT(names(dying), ElementsAre("dying"));
  EXPECT_THAT(dying[0].evidence, HasSubstr("2 %"));
  EXPECT_THAT(dying[0].evidence, HasSubstr("all 500 examples alike (an upper bound"));
  EXPECT_THAT(rates(dying), ElementsAre("0.001"));

  layer.dead = 0.03;
  EXPECT_THAT(names(judged({layer, good("act2")})), ElementsAre("healthy"));
}

// Behind a layer of dead units nothing comes back either, but that is not what is wrong.
TEST(Verdict, ADeadLayerIsNoVanishingGradient) {
  LayerRecord dead = good("act2");
  dead.dead = 1;
  dead.zeros = dead.off = 1;
  dead.delta = 0;
  LayerRecord before = good("act1");
  before.delta = 0;
  LayerRecord behind = good("act3");  // the same for all that comes in, though it is on
  behind.dead = 1;
  TrainingSetup narrow = setup();
  narrow.hidden = {2, 3, 100};
  const auto verdicts = judge(narrow, {{examination_of({before, dead, behind})}, nullptr, {}});
  ASSERT_THAT(names(verdicts), ElementsAre("dead_network"));
  EXPECT_THAT(verdicts[0].layers, ElementsAre("act2"));
  EXPECT_THAT(rates(verdicts), ElementsAre());
  EXPECT_THAT(verdicts[0].remedies[0].overrides[0], HasSubstr("leaky_relu"));  // 100 units die by no chance
}

TEST(Verdict, ANarrowNetworkThatIsDeadIsToBecomeWider) {
  std::vector<LayerRecord> layers = {good("act1"), good("act2")};
  for (auto& layer : layers) layer.units = 2;
  layers[1].dead = layers[1].off = layers[1].zeros = 1;
  layers[0].delta = layers[1].delta = 0;
  TrainingSetup narrow = setup();
  narrow.hidden = {2, 2};
  const auto verdicts = judge(narrow, {{examination_of(layers)}, nullptr, {}});
  ASSERT_THAT(names(verdicts), ElementsAre("dead_network"));
  EXPECT_THAT(verdicts[0].evidence, HasSubstr("up to 43.8 % of networks"));  // 1 - (1 - 1/4)^2
  EXPECT_THAT(verdicts[0].remedies[0].overrides, ElementsAre("model.hidden=[8, 8]"));
  EXPECT_THAT(verdicts[0].remedies[1].overrides[0], HasSubstr("leaky_relu"));
}

TrainingSetup sgd(double lr) {
  TrainingSetup s = setup();
  s.lr = lr;
  s.usual_rates = {0.01, 0.1};
  return s;
}

// The gradient is gone: what shows is how far the weights have come, and that the loss is worse than
// guessing.
TEST(Verdict, AfterStepsThatWereTooLargeTheRateIsLowered) {
  LayerRecord thrown = good("act1");
  thrown.update_ratio = thrown.delta = 0;
  thrown.delta_ratio = kUndefined;
  thrown.weight_norm = 1000;
  thrown.pre_std = 447;
  const auto verdicts = judged_change(sgd(1000), {good("act1")}, {thrown}, {49.3});
  ASSERT_THAT(names(verdicts), ElementsAre("updates_too_large", "not_learning"));
  EXPECT_THAT(verdicts[0].evidence, HasSubstr("grown 100-fold"));
  EXPECT_THAT(verdicts[0].evidence, HasSubstr("delta in act1 went from 0.001 to 0"));
  EXPECT_THAT(verdicts[0].evidence, HasSubstr("training loss 49.3"));
  EXPECT_THAT(rates(verdicts), ElementsAre("0.1", "0.01", "0.1", "0.01"));
  EXPECT_EQ(verdicts[0].remedies.size(), 2U);  // clipping to a norm of 1 would not help at this rate

  LayerRecord dead = thrown;
  dead.dead = dead.off = dead.zeros = 1;
  dead.weight_norm = 11;
  const auto died = judged_change(sgd(0.5), {good("act1")}, {dead}, {2.303});
  ASSERT_THAT(names(died), ElementsAre("updates_too_large", "dead_network", "not_learning"));
  for (const auto& verdict : died) {
    for (const auto& remedy : verdict.remedies)
      EXPECT_THAT(remedy.overrides[0], HasSubstr("optimizer.lr=0."));
  }
}

// What was ill before the first step is mended together with the rate.
TEST(Verdict, ARateIsMendedTogetherWithWhatWasThereBefore) {
  std::vector<LayerRecord> start, now;
  for (int i = 1; i <= 12; ++i) {
    start.push_back(good("act" + std::to_string(i), "sigmoid"));
    start.back().delta_ratio = 0.14;
  }
  now = start;
  for (auto& layer : now) layer.weight_norm = 1000;
  for (const auto& [layers, rate, used] : {std::tuple{now, "0.1", 100.0}, {start, "0.01", 1e-6}}) {
    const auto verdicts = judged_change(sgd(used), start, layers, {2.31});
    const auto vanishing = std::ranges::find(verdicts, "vanishing", &Verdict::name);
    ASSERT_NE(vanishing, verdicts.end());
    const auto updates = std::ranges::find_if(
        verdicts, [](const Verdict& verdict) { return verdict.name.starts_with("updates_"); });
    ASSERT_NE(updates, verdicts.end());
    EXPECT_EQ(updates->remedies[0].overrides, vanishing->remedies[0].overrides);  // no rate alone would do
    ASSERT_GE(vanishing->remedies.size(), 3U);
    EXPECT_THAT(vanishing->remedies[0].overrides,
                ElementsAre("model.activation=tanh", "model.init=xavier_normal",
                            std::string("optimizer.lr=") + rate));
  }
}

TEST(Verdict, ADivergenceBeforeTheFirstStepIsNotThatOfTheRate) {
  Findings findings{{examination_of({good("act1")})}, nullptr, {}, "training diverged at step 1", 1};
  const auto verdicts = judge(sgd(1e-6), findings);
  ASSERT_EQ(verdicts[0].name, "not_finite");
  EXPECT_THAT(rates(verdicts), ElementsAre());
}

TEST(Verdict, WhatTheoryLetsNotTrainIsOfferedFromTheCriticalPointOrNotAtAll) {
  std::vector<LayerRecord> layers(12, good("act1", "sigmoid"));
  for (auto& layer : layers) layer.centredness = 2.4, layer.one_sign_batch = 0.8;
  Findings findings{{examination_of(layers)}, nullptr, {}};
  // Without init=auto all vanish; selu explodes even so.
  findings.predict = [](const std::vector<std::string>& overrides) {
    Theory theory;
    theory.layers.resize(12);
    const auto has = [&](const char* override) {
      return std::ranges::find(overrides, override) != overrides.end();
    };
    theory.layers.front().gradient = has("model.activation=tanh") ? 1e9 : has("model.init=auto") ? 1 : 1e-9;
    return std::optional(theory);
  };
  const auto verdicts = judge(setup(), findings);
  ASSERT_THAT(names(verdicts), ElementsAre("not_centred"));
  ASSERT_EQ(verdicts[0].remedies.size(), 1U);
  EXPECT_THAT(verdicts[0].remedies[0].overrides, ElementsAre("model.activation=elu", "model.init=auto"));
}

TEST(Verdict, UnitsThatAnswerEverythingAlikeButHaveASlopeAreNotDead) {
  LayerRecord lost = good("act2", "sigmoid");
  lost.dead = 1;
  lost.saturated = 0;
  EXPECT_THAT(names(judged({good("act1", "sigmoid"), lost})), ElementsAre("no_signal"));
}

TEST(Verdict, SaturationIsThatOfBoundedActivations) {
  LayerRecord layer = good("act1", "tanh");
  layer.saturated = 0.7;
  layer.at_bound = 0.72;
  const auto verdicts = judged({layer});
  ASSERT_THAT(names(verdicts), ElementsAre("saturated"));
  EXPECT_THAT(verdicts[0].evidence, HasSubstr("70 %"));
  layer.at_bound = kUndefined;  // GELU's flat half
  EXPECT_THAT(names(judged({layer})), ElementsAre("healthy"));
  layer.at_bound = 0.9;  // hardtanh's, which is made to be off there
  layer.off = layer.saturated;
  layer.saturated = kUndefined;
  EXPECT_THAT(names(judged({layer})), ElementsAre("healthy"));
}

TEST(Verdict, OffCentreInputsZigZag) {
  std::vector<LayerRecord> layers = {good("act1", "sigmoid"), good("act2", "sigmoid")};
  layers[0].centredness = 2.4;
  layers[0].one_sign_examples = 0;
  layers[1].one_sign_batch = 0.8;
  const auto verdicts = judged(layers);
  ASSERT_THAT(names(verdicts), ElementsAre("not_centred"));
  EXPECT_THAT(verdicts[0].layers, ElementsAre("act2"));
  layers[0].centredness = 0.7;
  EXPECT_THAT(names(judged(layers)), ElementsAre("healthy"));
}

TEST(Verdict, UpdatesAreHeldAgainstTheWeights) {
  LayerRecord layer = good("act1");
  layer.update_ratio = 0.5;
  EXPECT_THAT(names(judged({layer}, {}, 100)), ElementsAre("updates_too_large"));
  layer.update_ratio = 1e-8;
  EXPECT_THAT(names(judged({layer}, {2.3}, 100)), ElementsAre("updates_too_small", "not_learning"));
  EXPECT_THAT(names(judged({layer}, {0.01}, 100)), ElementsAre("healthy"));  // little is left to learn
  const auto small = judged_change(sgd(1e-6), {good("act1")}, {layer}, {2.3});
  EXPECT_THAT(rates(small), ElementsAre("0.01", "0.1", "0.01"));
  EXPECT_THAT(small[0].evidence, HasSubstr("0.000001"));
}

TEST(Verdict, TheoryCallsAnInitialisationPoor) {
  Theory theory;
  theory.layers.resize(3);
  theory.layers[0].pre_std = 1;
  theory.layers[2].pre_std = 1e-3;
  theory.layers[2].layer = "act3";
  const auto verdicts =
      judge(setup(), {{examination_of({good("act1"), good("act2"), good("act3")})}, &theory, {}});
  ASSERT_THAT(names(verdicts), ElementsAre("poor_init"));
  EXPECT_THAT(verdicts[0].cause, HasSubstr("shrink"));
  // relu is there already: only its initialisation is missing.
  EXPECT_THAT(verdicts[0].remedies[1].overrides, ElementsAre("model.init=he_normal"));
}

TEST(Verdict, NaNIsFoundFirst) {
  LayerRecord layer = good("act2");
  layer.pre_std = layer.std = kUndefined;
  layer.delta = layer.delta_ratio = kUndefined;
  EXPECT_EQ(names(judged({good("act1"), layer}))[0], "not_finite");
}

TEST(Verdict, OutputsThatAreNotFiniteAreNotHealthy) {
  LayerRecord layer = good("act1");
  layer.delta = kUndefined;  // as where the outputs have no gradient to ask for
  layer.delta_ratio = kUndefined;
  EXPECT_EQ(names(judged({layer}))[0], "not_finite");
}

TEST(Verdict, ADivergedRunIsNotHealthyWhateverItWasBefore) {
  Findings findings{{examination_of({good("act1")})}, nullptr, {}, "training diverged at step 3"};
  const auto verdicts = judge(setup(), findings);
  ASSERT_EQ(verdicts[0].name, "not_finite");
  EXPECT_EQ(verdicts[0].evidence, "training diverged at step 3");
  EXPECT_THAT(verdicts[0].remedies[0].overrides[0], HasSubstr("optimizer.lr="));
}

TEST(Verdict, RemediesLeaveOutWhatIsThere) {
  TrainingSetup s = setup();
  s.init = "auto";
  s.clip_norm = 1;
  s.lr = kUndefined;
  std::vector<LayerRecord> layers;
  for (int i = 1; i <= 12; ++i) {
    layers.push_back(good("act" + std::to_string(i)));
    layers.back().delta_ratio = 2;
  }
  const auto verdicts = judge(s, {{examination_of(layers)}, nullptr, {}});
  ASSERT_EQ(verdicts[0].remedies.size(), 1U);
  EXPECT_THAT(verdicts[0].remedies[0].overrides, ElementsAre("model.init=he_normal"));
  EXPECT_EQ(to_json(verdicts[0])["remedies"][0]["overrides"][0], "model.init=he_normal");
}

}  // namespace
}  // namespace actlab
