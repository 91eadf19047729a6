#include "lesson/lesson.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/test_support.h"
#include "lesson/run.h"

namespace actlab {
namespace {

using testing::Contains;
using testing::HasSubstr;

const std::string kSlope =
    "lesson:\n"
    "  claim: tanh is at most as steep as 1.\n"
    "  measure: {type: slope, activation: tanh}\n"
    "  expect: {steepest: {at_most: 1}}\n";

const std::string kZeros =
    "lesson:\n"
    "  claim: Half is zero.\n"
    "  measure: {type: layers, figure: zeros}\n"
    "  expect: {relu: {equals: 0.5, tolerance: 0.1}, tanh: {equals: 0}}\n"
    "  variants: {relu: {model: {activation: relu}}, tanh: {model: {activation: tanh}}}\n"
    "data: {type: synthetic, shape: [20]}\n"
    "model: {type: mlp, hidden: [50], init: {type: he_normal, bias: zero}}\n"
    "loss: cross_entropy\n";

class LessonFiles : public testing::Test {
 protected:
  Lesson load(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
    test::put_text(folder_ / "own.yaml", yaml);
    return load_lesson(folder_ / "own.yaml", overrides, problems_);
  }
  // What is reported of the text after one replacement.
  std::string mistake(std::string yaml, const std::string& from, const std::string& to) {
    yaml.replace(yaml.find(from), from.size(), to);
    problems_ = {};
    load(yaml);
    EXPECT_EQ(problems_.size(), 1U) << problems_.text();
    return problems_.text();
  }

  test::TemporaryFolder folder_;
  Problems problems_;
};

TEST_F(LessonFiles, OfOnesOwnAreRun) {
  const Lesson lesson = load(kSlope);
  ASSERT_TRUE(problems_.empty()) << problems_.text();
  EXPECT_EQ(lesson.name, "own");
  EXPECT_TRUE(run_lesson(lesson).holds());
  const LessonResult broken = run_lesson(load(kSlope, {"lesson.expect.steepest.at_most=0.9"}));
  EXPECT_THAT(broken.misses(), Contains(HasSubstr("steepest is 1")));
}

TEST_F(LessonFiles, VariantsAreLaidOverTheNetwork) {
  const LessonResult result = run_lesson(load(kZeros, {"model.hidden=[60]"}));
  ASSERT_TRUE(problems_.empty()) << problems_.text();
  EXPECT_EQ(result.lesson.networks.size(), 2U);
  EXPECT_TRUE(result.holds()) << terminal_text(result);
  EXPECT_EQ(result.measured.chart.series.size(), 2U);
}

constexpr char kVanishing[] =
    "lesson: {claim: c, measure: {type: vanishing, draws: 20}, expect: {agreement: {equals: 1, tolerance: "
    "0.05}}}\n"
    "data: {type: synthetic, shape: [1, 16, 16], normalize: none}\n"
    "model: {type: mlp, hidden: [200, 200, 200, 200], activation: tanh, init: {type: lecun_normal, bias: "
    "zero}}\n"
    "loss: cross_entropy\n";

// Pixels in [0, 1] have a mean square far from 1.
TEST_F(LessonFiles, TheoryStartsFromInputsAsLargeAsTheDataAre) {
  const LessonResult result = run_lesson(load(kVanishing));
  ASSERT_TRUE(problems_.empty()) << problems_.text();
  EXPECT_TRUE(result.holds()) << terminal_text(result);
  const auto& spread = result.measured.spread.at("agreement");
  EXPECT_LT(spread.low, spread.high);
  EXPECT_EQ(spread.draws, 20);
}

// Two units a layer: in some of the networks all units of a layer are dead.
TEST_F(LessonFiles, DeadNetworksAreLeftOutAndTold) {
  const LessonResult result = run_lesson(
      load(kVanishing,
           {"model={type: mlp, hidden: [3, 3, 3, 3], activation: relu, init: {type: he_normal, bias: zero}}",
            "lesson.expect={ratio: {at_least: 0.1}}"}));
  ASSERT_TRUE(problems_.empty()) << problems_.text();
  EXPECT_TRUE(result.holds()) << terminal_text(result);
  ASSERT_EQ(result.measured.notes.size(), 1U);
  EXPECT_THAT(result.measured.notes[0], HasSubstr("of 20 networks"));
  EXPECT_THAT(result.measured.notes[0], HasSubstr("dead"));
  EXPECT_LT(result.measured.spread.at("ratio").draws, 20);
}

TEST_F(LessonFiles, RunAlikeTwice) {
  const Lesson lesson = load(kZeros);
  EXPECT_EQ(run_lesson(lesson).measured.figures, run_lesson(lesson).measured.figures);
}

TEST_F(LessonFiles, MistakesAreReportedWhereTheyAre) {
  EXPECT_THAT(mistake(kSlope, "claim: tanh is at most as steep as 1.", "why: x"), HasSubstr("lesson.claim"));
  EXPECT_THAT(mistake(kSlope, "slope", "slpoe"), HasSubstr("did you mean 'slope'?"));
  EXPECT_THAT(mistake(kSlope, "activation: tanh", "activation: tahn"), HasSubstr("'tanh'"));
  EXPECT_THAT(mistake(kSlope, "at_most: 1", "at_mots: 1"), HasSubstr("lesson.expect.steepest.at_mots"));
  EXPECT_THAT(mistake(kSlope, "{steepest: {at_most: 1}}", "[]"), HasSubstr("lesson.expect"));
  EXPECT_THAT(mistake(kSlope, "  claim", "  clam: x\n  claim"), HasSubstr("own.yaml:2:"));
  EXPECT_THAT(mistake(kSlope, "lesson:", "model: {type: mlp}\nlesson:"), HasSubstr("takes no network"));
  EXPECT_THAT(mistake(kSlope, "  expect", "  variants: {a: {seed: 1}}\n  expect"),
              HasSubstr("takes no network"));
  EXPECT_THAT(mistake(kZeros, "figure: zeros", "figure: zeroes"), HasSubstr("'zeros'"));
  EXPECT_THAT(mistake(kZeros, "lesson:", "lessson:"), HasSubstr("lesson"));
}

TEST_F(LessonFiles, MistakesOfANetworkAreReportedOnce) {
  EXPECT_THAT(mistake(kZeros, "hidden: [50]", "hidden: [0]"), HasSubstr("own.yaml:7:"));
  EXPECT_THAT(mistake(kZeros, "relu: {model", "r lu: {model"), HasSubstr("lesson.variants.r lu"));
  EXPECT_THAT(mistake(kZeros, "activation: relu", "activation: rleu"), HasSubstr("'relu'"));
  EXPECT_THAT(mistake(kZeros, "relu: {model: {activation: relu}}", "relu: 1"), HasSubstr("variants.relu"));
}

TEST_F(LessonFiles, FiguresThatAreNotMeasuredAreErrors) {
  try {
    run_lesson(load(kSlope, {"lesson.expect={stepest: {at_most: 1}}"}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), ExitStatus::kUsage);
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'steepest'?"));
    EXPECT_THAT(error.what(), HasSubstr("lesson own"));
  }
}

TEST(Lessons, ThatAreUnknownAreAnsweredWithTheNearest) {
  Problems problems;
  try {
    load_lesson("vanishin", {}, problems);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'vanishing'?"));
  }
}

TEST(Lessons, OfTheLibraryAreComplete) {
  const auto names = lesson_names();
  EXPECT_GE(names.size(), 15U);
  EXPECT_EQ(names.front(), "sigmoid_slope");
  for (const auto& name : names) {
    Problems problems;
    const Lesson lesson = load_lesson(name, {}, problems);
    EXPECT_TRUE(problems.empty()) << problems.text();
    for (const std::string& text :
         {lesson.text.claim, lesson.text.why, lesson.text.method, lesson.text.source}) {
      EXPECT_FALSE(text.empty()) << name;
    }
    EXPECT_FALSE(lesson.text.attempts.empty()) << name;
  }
}

}  // namespace
}  // namespace actlab
