#include "compare/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare/table.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;
using testing::AllOf;
using testing::Contains;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

const std::vector<int64_t> kSeeds = {4, 5, 6, 7, 8};

// A run an accuracy; below 0 it diverged.
Contender contender(const std::string& name, const std::vector<double>& accuracies) {
  Contender made{name, {}, {}};
  for (const double accuracy : accuracies) {
    RunRecord run;
    run.epochs = 2;
    run.seconds_per_epoch = 1.25;
    if (accuracy < 0) {
      run.divergence = "the loss is NaN";
    } else {
      run.finished = true;
      run.test_value = accuracy;
      run.test_loss = 1 - accuracy;
      run.dead = accuracy / 10;
    }
    made.names.push_back(name + "-seed" + std::to_string(made.names.size()));
    made.runs.push_back(run);
  }
  return made;
}

const Contender kTanh = contender("tanh", {0.9655, 0.9671, 0.9660, 0.9649, 0.9702});
const Contender kRelu = contender("relu", {0.9712, 0.9698, 0.9731, 0.9705, 0.9720});
const Contender kBroken = contender("broken", {-1, -1, -1, -1, -1});

Comparison two() {
  return compare_runs({kTanh, kRelu}, kSeeds, std::nullopt);
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all(1);
  for (const char c : text) {
    if (c == '\n')
      all.emplace_back();
    else
      all.back() += c;
  }
  return all;
}

int64_t characters(const std::string& text) {
  return std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
}

TEST(Comparison, TheBestMeanIsFirstAndTheBaseline) {
  const Comparison comparison = two();
  ASSERT_EQ(comparison.rows.size(), 2U);
  EXPECT_EQ(comparison.rows[0].activation, "relu");
  EXPECT_THAT(comparison.baseline, Optional(std::string("relu")));
  EXPECT_TRUE(comparison.baseline_chosen_by_data);
  EXPECT_FALSE(comparison.rows[0].difference || comparison.rows[0].p_holm);
  EXPECT_THAT(comparison.rows[1].difference->difference.mean, Optional(DoubleNear(-0.00458, 1e-12)));
  EXPECT_THAT(comparison.rows[1].p_holm, Optional(DoubleNear(0.010102474236159115, 1e-12)));
  EXPECT_THAT(comparison.rows[0].dead, Optional(DoubleNear(0.097132, 1e-12)));
  EXPECT_THAT(comparison.notes, Contains(AllOf(HasSubstr("relu"), HasSubstr("--baseline"))));
}

TEST(Comparison, ANamedBaselineNeedNotBeTheBest) {
  const Comparison comparison = compare_runs({kTanh, kRelu}, kSeeds, 0);
  EXPECT_THAT(comparison.baseline, Optional(std::string("tanh")));
  EXPECT_FALSE(comparison.baseline_chosen_by_data);
  EXPECT_EQ(comparison.rows[0].activation, "relu");
  EXPECT_THAT(comparison.rows[0].difference->difference.mean, Optional(DoubleNear(0.00458, 1e-12)));
  EXPECT_THAT(comparison.notes, Not(Contains(HasSubstr("--baseline"))));
}

TEST(Comparison, PValuesAreCorrectedForTheirNumber) {
  const Contender other = contender("elu", {0.9712, 0.9699, 0.9730, 0.9706, 0.9718});
  const Comparison comparison = compare_runs({kTanh, kRelu, other}, kSeeds, 1);
  EXPECT_EQ(comparison.rows[2].activation, "tanh");
  EXPECT_THAT(comparison.rows[2].p_holm, Optional(DoubleNear(2 * 0.010102474236159115, 1e-12)));
}

TEST(Comparison, JsonHasEveryFieldOfTheContract) {
  const ordered_json json = to_json(two());
  EXPECT_EQ(json["baseline"], "relu");
  EXPECT_EQ(json["baseline_chosen_by_data"], true);
  EXPECT_EQ(json["seeds"], ordered_json(kSeeds));
  const auto& best = json["rows"][0];
  for (const char* key : {"difference", "p_holm"}) EXPECT_TRUE(best.at(key).is_null()) << key;
  for (const char* key : {"mean", "sd"}) EXPECT_TRUE(best["test_accuracy"].at(key).is_number()) << key;
  EXPECT_EQ(best["test_loss"]["ci95"].size(), 2U);
  EXPECT_EQ(best["diverged"], 0);
  EXPECT_TRUE(best["saturated"].is_null());
  EXPECT_EQ(best["runs"][1],
            ordered_json::parse(
                R"({"seed": 5, "test_accuracy": 0.9698, "test_loss": 0.030200000000000005, "epochs": 2,
                                    "diverged": null, "run": "relu-seed1"})"));
  const auto& second = json["rows"][1];
  EXPECT_EQ(second["difference"]["ci95"].size(), 2U);
  EXPECT_NEAR(second["probability_best"].get<double>() + best["probability_best"].get<double>(), 1, 1e-9);
}

TEST(Comparison, OneSeedHasMeansOnly) {
  const Comparison comparison =
      compare_runs({contender("a", {0.9}), contender("b", {0.8})}, {1}, std::nullopt);
  const auto json = to_json(comparison)["rows"][1];
  EXPECT_EQ(json["test_accuracy"], ordered_json::parse(R"({"mean": 0.8, "sd": null, "ci95": null})"));
  EXPECT_TRUE(json["p_holm"].is_null() && json["probability_best"].is_null());
  EXPECT_TRUE(json["difference"]["ci95"].is_null());
  EXPECT_NEAR(json["difference"]["mean"].get<double>(), -0.1, 1e-12);
  EXPECT_THAT(comparison.notes, Contains(HasSubstr("One seed")));
}

TEST(Comparison, ADivergedRunIsCountedAndLeftOut) {
  const Contender partly = contender("partly", {0.99, -1, 0.99, 0.98, -1});
  const Comparison comparison = compare_runs({kRelu, partly, kBroken}, kSeeds, 0);
  EXPECT_EQ(comparison.rows[0].activation, "partly");
  EXPECT_EQ(comparison.rows[0].diverged, 2);
  EXPECT_EQ(comparison.rows[0].difference->pairs, 3);
  EXPECT_EQ(comparison.rows[2].activation, "broken");
  const auto json = to_json(comparison)["rows"][2];
  EXPECT_EQ(json["diverged"], 5);
  EXPECT_TRUE(json["test_accuracy"]["mean"].is_null());
  EXPECT_TRUE(json["difference"].is_null());
  EXPECT_EQ(json["probability_best"], 0);
  EXPECT_EQ(json["runs"][0]["diverged"], "the loss is NaN");
  EXPECT_THAT(comparison.notes, Contains(HasSubstr("partly: 2 of 5")));
  EXPECT_THAT(comparison.notes, Contains(HasSubstr("broken: 5 of 5")));
}

TEST(Comparison, WhatPartlyDivergedIsNotTheBaseline) {
  const auto comparison =
      compare_runs({contender("lucky", {-1, -1, 0.99, -1, -1}), kTanh, kBroken}, kSeeds, std::nullopt);
  EXPECT_EQ(comparison.rows[0].activation, "lucky");
  EXPECT_EQ(comparison.baseline, "tanh");
}

TEST(Comparison, WhereEverythingDivergedThereIsNoBaseline) {
  const Comparison comparison = compare_runs({kBroken}, kSeeds, std::nullopt);
  EXPECT_FALSE(comparison.baseline);
  EXPECT_TRUE(to_json(comparison)["baseline"].is_null());
  EXPECT_THAT(terminal_table(comparison), HasSubstr("broken"));
}

TEST(Comparison, ABaselineThatDivergedLeavesNothingToDiffer) {
  const Comparison comparison = compare_runs({kBroken, kRelu}, kSeeds, 0);
  EXPECT_TRUE(to_json(comparison)["rows"][0]["difference"].is_null());
  EXPECT_FALSE(comparison.rows[0].p_holm);
}

TEST(Comparison, NotesSayWhatCouldHaveShown) {
  const Contender near = contender("near", {0.9713, 0.9697, 0.9733, 0.9703, 0.9721});
  const Comparison close = compare_runs({kRelu, near}, kSeeds, 0);
  EXPECT_THAT(close.notes,
              ElementsAre(AllOf(HasSubstr("No difference to relu"), HasSubstr("points (near)"))));
  EXPECT_THAT(compare_runs({kTanh, kRelu}, kSeeds, 0).notes, IsEmpty());
}

TEST(Comparison, NotesSayWhatTwoSeedsAreWorth) {
  const Comparison comparison =
      compare_runs({contender("a", {0.9, 0.91}), contender("b", {0.8, 0.85})}, {1, 2}, std::nullopt);
  EXPECT_THAT(comparison.notes, Contains(AllOf(HasSubstr("2 seeds"), HasSubstr("9.0"))));
  EXPECT_THAT(comparison.notes, Contains(HasSubstr("No difference")));
}

TEST(Comparison, NotesSayWhereNothingSpreads) {
  const Comparison comparison =
      compare_runs({contender("a", {0.93, 0.95}), contender("b", {0.92, 0.94})}, {1, 2}, std::nullopt);
  EXPECT_THAT(comparison.notes, Contains(HasSubstr("b differs from a by the same")));
}

// Of two seeds there are means and nothing that would rank them; of three there are intervals.
TEST(ComparisonTable, TwoSeedsHaveNoIntervalsAndNoRanking) {
  const Contender a = contender("a", {0.9, 0.91, 0.905});
  const Contender b = contender("b", {0.8, 0.85, 0.82});
  const auto header = [](const Comparison& comparison) { return lines(terminal_table(comparison))[0]; };
  const auto rows = [](const Comparison& comparison) {
    const auto all = lines(terminal_table(comparison));
    return all[1] + all[2];
  };
  const auto first_two = [](Contender contender) {
    contender.runs.resize(2), contender.names.resize(2);
    return contender;
  };
  const Comparison few = compare_runs({first_two(a), first_two(b)}, {1, 2}, std::nullopt);
  EXPECT_THAT(rows(few), AllOf(HasSubstr("90.50"), Not(HasSubstr("±"))));
  EXPECT_THAT(header(few), AllOf(Not(HasSubstr(" p ")), Not(HasSubstr("best"))));
  EXPECT_THAT(few.notes, Contains(HasSubstr("too few to rank")));
  const Comparison enough = compare_runs({a, b}, {1, 2, 3}, std::nullopt);
  EXPECT_THAT(rows(enough), HasSubstr("90.50 ± 1.24"));
  EXPECT_THAT(header(enough), HasSubstr("best"));
}

TEST(ComparisonTable, IsAlignedInAHundredColumns) {
  const Contender wide =
      contender("a_formula_longer_than_the_terminal*sigmoid(x)*{p: é}", {0.9, 0.8, -1, 0.7, 0.6});
  const auto table = lines(terminal_table(compare_runs({kRelu, kTanh, wide}, kSeeds, std::nullopt)));
  const size_t column = table[0].find("accuracy %");
  ASSERT_NE(column, std::string::npos);
  EXPECT_EQ(table[1].find("97.13 ± 0.16"), column);
  EXPECT_EQ(table[2].find("96.67 ± 0.26"), column);
  for (const auto& line : table) EXPECT_LE(characters(line), 100) << line;
  EXPECT_THAT(table[0], AllOf(HasSubstr("dead"), HasSubstr("diverged"), Not(HasSubstr("saturated"))));
}

TEST(ComparisonTable, WhatIsOffIsNotCalledSaturated) {
  Contender relu = kRelu;
  Contender tanh = kTanh;
  for (auto& run : relu.runs) run.off = 0.557, run.saturated.reset();
  for (auto& run : tanh.runs) run.saturated = 0.564;
  const Comparison comparison = compare_runs({relu, tanh}, kSeeds, std::nullopt);
  const auto table = lines(terminal_table(comparison));
  EXPECT_THAT(table[0], AllOf(HasSubstr("saturated"), HasSubstr("off")));
  const auto place = [](const std::string& line, const char* cell) {
    return static_cast<size_t>(characters(line.substr(0, line.find(cell))));
  };
  EXPECT_EQ(place(table[1], "55.7 %"), table[0].find("off"));
  EXPECT_EQ(place(table[2], "56.4 %"), table[0].find("saturated"));
  EXPECT_THAT(terminal_table(comparison), HasSubstr("no saturation"));
  const ordered_json json = to_json(comparison);
  EXPECT_EQ(json["rows"][0]["off"], 0.557);
  EXPECT_TRUE(json["rows"][0]["saturated"].is_null());
}

TEST(ComparisonTable, IsMarkdownToo) {
  const auto table =
      lines(markdown_table(compare_runs({kRelu, contender("a|b_c*", {0.5, 0.6, 0.5, 0.6, 0.5})}, kSeeds, 0)));
  EXPECT_THAT(table[0], HasSubstr("| sd |"));
  EXPECT_EQ(std::count(table[0].begin(), table[0].end(), '|'),
            std::count(table[1].begin(), table[1].end(), '|'));
  EXPECT_THAT(table[3], HasSubstr(R"(| a\|b\_c\* |)"));
}

}  // namespace
}  // namespace actlab
