#include "train/schedule.h"

#include <gtest/gtest.h>

#include <set>

#include "parity.h"

namespace actlab::test {
namespace {

constexpr double kRelative = 1e-10;
constexpr SchedulePlan kPlan = {.lr = 0.1, .epochs = 4, .steps_per_epoch = 10};

std::unique_ptr<Schedule> make(const std::string& yaml, const SchedulePlan& plan = kPlan) {
  return make_schedule(resolved(schedule_section(), yaml), plan);
}

SchedulePlan plan_of(const nlohmann::json& figures) {
  return {.lr = figures["lr"], .epochs = figures["epochs"], .steps_per_epoch = figures["steps_per_epoch"]};
}

TEST(ScheduleParity, RatesArePyTorchs) {
  const auto& figures = parity_figures()["schedules"];
  const SchedulePlan plan = plan_of(figures);
  for (const auto& figure : figures["cases"]) {
    const std::string name = figure["schedule"];
    const auto schedule = make(name, plan);
    const auto expected = figure["rates"].get<std::vector<double>>();
    ASSERT_EQ(expected.size(), static_cast<size_t>(plan.epochs * plan.steps_per_epoch));
    for (size_t step = 0; step < expected.size(); ++step) {
      const double rate = schedule->rate(static_cast<int64_t>(step), {});
      EXPECT_NEAR(rate, expected[step], kRelative * plan.lr) << name << " at step " << step;
    }
  }
}

std::string idle_in_schedule(const std::string& yaml, const SchedulePlan& plan = kPlan) {
  std::string text;
  for (const auto& each : idle_options(resolved(schedule_section(), yaml), plan)) text += each + "\n";
  return text;
}

// Of 4 epochs of 10 batches: each is told where it does nothing, and not where it does.
TEST(Schedule, OptionsWithoutEffectAreTold) {
  for (const auto& [yaml, word] : std::vector<std::pair<const char*, const char*>>{
           {"{type: step, step_size: 4}", "step_size"},
           {"{type: step, step_size: 40, by: batch}", "40 batches"},
           {"{type: step, gamma: 1}", "gamma"},
           {"{type: exponential, gamma: 1}", "gamma"},
           {"{type: cosine, t_max: 5}", "t_max"},
           {"{type: plateau, patience: 2}", "patience"},
           {"{type: constant, warmup: 40}", "warmup"},
           {"{type: one_cycle, warmup: 40}", "warmup"}}) {
    EXPECT_NE(idle_in_schedule(yaml).find(word), std::string::npos) << yaml << idle_in_schedule(yaml);
  }
  for (const char* yaml : {"{type: step, step_size: 3}", "{type: step, step_size: 39, by: batch}",
                           "exponential", "cosine", "{type: cosine, t_max: 4}", "one_cycle",
                           "{type: plateau, patience: 1}", "constant", "{type: constant, warmup: 39}"}) {
    EXPECT_EQ(idle_in_schedule(yaml), "") << yaml;
  }
  // What is counted in batches waits for the data.
  EXPECT_EQ(idle_in_schedule("{type: step, step_size: 40, by: batch, warmup: 100}", {0.1, 4, 0}), "");
}

// The latest epoch that can lower the rate of another one is the last but one.
TEST(Schedule, PlateauWithAPatienceThatIsNotToldCanDrop) {
  const auto rate_of = [](int64_t patience) {
    const auto schedule = make("{type: plateau, patience: " + std::to_string(patience) + "}");
    return schedule->rate(39, {1, 2, 2, 2});
  };
  EXPECT_LT(rate_of(1), kPlan.lr);
  EXPECT_EQ(rate_of(2), kPlan.lr);
}

TEST(ScheduleParity, PlateauDropsWherePyTorchDoes) {
  const auto& figures = parity_figures()["schedules"];
  const SchedulePlan plan = plan_of(figures);
  const auto losses = figures["plateau"]["losses"].get<std::vector<double>>();
  for (const auto& figure : figures["plateau"]["cases"]) {
    const std::string name = figure["schedule"];
    const auto schedule = make(name, plan);
    const auto expected = figure["rates"].get<std::vector<double>>();
    ASSERT_EQ(expected.size(), losses.size() + 1);
    for (size_t epoch = 0; epoch < expected.size(); ++epoch) {
      const std::vector<double> finished(losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(epoch));
      const int64_t first = static_cast<int64_t>(epoch) * plan.steps_per_epoch;
      for (const int64_t step : {first, first + plan.steps_per_epoch - 1}) {
        EXPECT_NEAR(schedule->rate(step, finished), expected[epoch], kRelative * expected[epoch])
            << name << " in epoch " << epoch;
      }
    }
  }
}

TEST(ScheduleParity, EveryScheduleHasFigures) {
  const auto& figures = parity_figures()["schedules"];
  std::set<std::string> compared;
  for (const auto* cases : {&figures["cases"], &figures["plateau"]["cases"]}) {
    for (const auto& figure : *cases) {
      compared.insert(component_type(resolved(schedule_section(), figure["schedule"])));
    }
  }
  for (const auto& type : schedule_section().types) {
    EXPECT_TRUE(compared.contains(type.name)) << type.name << ": add it to scripts/parity/schedules.py";
  }
}

TEST(Schedule, WarmUpRisesLinearlyToTheFullRate) {
  const auto schedule = make("{type: constant, warmup: 4}");
  EXPECT_DOUBLE_EQ(schedule->rate(0, {}), 0.025);
  EXPECT_DOUBLE_EQ(schedule->rate(1, {}), 0.05);
  EXPECT_DOUBLE_EQ(schedule->rate(2, {}), 0.075);
  EXPECT_DOUBLE_EQ(schedule->rate(3, {}), 0.1);
  EXPECT_DOUBLE_EQ(schedule->rate(4, {}), 0.1);
}

// Warm-up takes a share of what the schedule alone gives at that step; afterwards it leaves no trace.
TEST(Schedule, WarmUpIsAFactorOnEverySchedule) {
  const std::vector<double> losses = {1, 2, 3};
  for (const auto& type : schedule_section().types) {
    const auto plain = make(type.name);
    const auto warmed = make("{type: " + type.name + ", warmup: 20}");
    for (int64_t step = 0; step < 40; ++step) {
      const double share = step < 20 ? static_cast<double>(step + 1) / 20 : 1.0;
      EXPECT_DOUBLE_EQ(warmed->rate(step, losses), share * plain->rate(step, losses))
          << type.name << " " << step;
    }
  }
}

// Resuming relies on it: no call leaves anything behind, whatever their order.
TEST(Schedule, IsAPureFunctionOfStepAndLosses) {
  const std::vector<double> losses = {1, 2, 3, 4};
  for (const char* yaml : {"constant", "step", "{type: exponential, by: batch}", "cosine", "one_cycle",
                           "{type: plateau, patience: 0, warmup: 3}"}) {
    const auto forwards = make(yaml);
    const auto backwards = make(yaml);
    std::vector<double> rates;
    for (int64_t step = 0; step < 40; ++step) rates.push_back(forwards->rate(step, losses));
    for (int64_t step = 39; step >= 0; --step) {
      EXPECT_EQ(backwards->rate(step, losses), rates[static_cast<size_t>(step)])
          << yaml << " at step " << step;
    }
  }
}

// A resumed run knows the losses of all epochs when it is asked for an earlier step's rate.
TEST(Schedule, PlateauIgnoresLossesOfLaterEpochs) {
  const auto schedule = make("{type: plateau, patience: 0, factor: 0.5}");
  const std::vector<double> losses = {1, 2, 3, 4};
  EXPECT_EQ(schedule->rate(15, losses), schedule->rate(15, {1}));
  EXPECT_DOUBLE_EQ(schedule->rate(15, losses), 0.1);
  EXPECT_DOUBLE_EQ(schedule->rate(20, losses), 0.05);
  EXPECT_DOUBLE_EQ(schedule->rate(30, losses), 0.025);
}

TEST(Schedule, CosineStaysLowAfterTMax) {
  const auto schedule = make("{type: cosine, by: batch, t_max: 10, eta_min: 0.01}");
  EXPECT_GT(schedule->rate(9, {}), 0.01);
  for (const int64_t step : {10, 11, 25, 39}) EXPECT_DOUBLE_EQ(schedule->rate(step, {}), 0.01) << step;
}

TEST(Schedule, CosineSpansTheRunByDefault) {
  EXPECT_NEAR(make("cosine")->rate(20, {}), 0.05, 1e-12);                     // epoch 2 of 4
  EXPECT_NEAR(make("{type: cosine, by: batch}")->rate(20, {}), 0.05, 1e-12);  // step 20 of 40
}

TEST(Schedule, OneCycleOfOneStepHasARate) {
  const double rate = make("one_cycle", {.lr = 0.1, .epochs = 1, .steps_per_epoch = 1})->rate(0, {});
  EXPECT_GT(rate, 0);
  EXPECT_LE(rate, 0.1);
}

}  // namespace
}  // namespace actlab::test
