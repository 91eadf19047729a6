#include "train/class_findings.h"

#include <gmock/gmock.h>

#include "core/base64.h"

namespace actlab::test {
namespace {

using nlohmann::ordered_json;

const std::vector<std::string> kNames = {"no", "yes"};

// Examples of one byte, their number.
Part numbered(size_t count) {
  Bytes samples(count);
  for (size_t i = 0; i < count; ++i) samples[i] = static_cast<uint8_t>(i);
  return {{1, 1, 1, 2}, samples, std::vector<int64_t>(count, 0)};
}

// What is found when example i has label[i] and the probability yes[i] of being "yes".
ordered_json found(const std::vector<int64_t>& labels, const std::vector<float>& yes) {
  ClassFindings findings(2);
  for (size_t i = 0; i < labels.size(); ++i) {
    const int64_t predicted = yes[i] >= 0.5F ? 1 : 0;
    const double decision = static_cast<double>(yes[i]) - 0.5;
    findings.see(static_cast<int64_t>(i), labels[i], predicted, predicted == 1 ? yes[i] : 1 - yes[i],
                 std::vector{-decision, decision});
  }
  return findings.to_json(numbered(labels.size()), kNames);
}

TEST(ClassFindings, TwoClassesHaveTheCurveOfTheSecondWithOneCornerAScore) {
  const ordered_json roc = found({1, 0, 1, 0}, {0.9F, 0.6F, 0.6F, 0.1F})["roc"];
  ASSERT_EQ(roc.size(), 1U);
  EXPECT_EQ(roc[0]["class"], "yes");
  EXPECT_EQ(roc[0]["auc"], 0.875);
  EXPECT_EQ(roc[0]["points"], ordered_json::parse("[[0,0],[0,0.5],[0.5,1],[1,1]]"));
}

TEST(ClassFindings, ALongCurveIsThinnedAndKeepsItsEnds) {
  for (const size_t count : {198U, 199U, 200U, 201U, 5000U}) {
    std::vector<int64_t> labels;
    std::vector<float> yes;
    for (size_t i = 0; i < count; ++i) {
      labels.push_back(static_cast<int64_t>(i % 2));
      yes.push_back(static_cast<float>(i) / static_cast<float>(count));
    }
    const ordered_json points = found(labels, yes)["roc"][0]["points"];
    EXPECT_LE(points.size(), 200U) << count;
    EXPECT_GE(points.size(), 100U) << count;
    EXPECT_EQ(points.front(), ordered_json::parse("[0.0,0.0]")) << count;
    EXPECT_EQ(points.back()[0].get<double>(), 1) << count;
    EXPECT_EQ(points.back()[1].get<double>(), 1) << count;
    for (size_t i = 1; i < points.size(); ++i) {
      EXPECT_GE(points[i][0], points[i - 1][0]) << count;
      EXPECT_GE(points[i][1], points[i - 1][1]) << count;
    }
  }
}

// Where everything happens before the hundredth false positive, the curve has points there.
TEST(ClassFindings, ALongCurveKeepsWhatHappensWhereFalsePositivesAreFew) {
  constexpr size_t kCount = 20000;
  std::vector<int64_t> labels;
  std::vector<float> yes;
  for (size_t i = 0; i < kCount; ++i) {
    const bool positive = i % 2 == 0;
    labels.push_back(positive ? 1 : 0);
    // Negatives spread evenly; positives above all of them but the very first.
    yes.push_back((positive ? 0.99F : 0.0F) +
                  static_cast<float>(i) / static_cast<float>(kCount) * (positive ? 0.01F : 0.992F));
  }
  const ordered_json points = found(labels, yes)["roc"][0]["points"];
  size_t early = 0;
  for (const auto& point : points) early += point[0] > 0 && point[0] < 1e-2 ? 1 : 0;
  EXPECT_GE(early, 15U);
}

TEST(ClassFindings, PrecisionFallsAsMoreIsToBeFound) {
  const ordered_json curve = found({1, 0, 1, 0}, {0.9F, 0.6F, 0.5F, 0.1F})["precision_recall"];
  ASSERT_EQ(curve.size(), 1U);
  EXPECT_EQ(curve[0]["points"], ordered_json::parse("[[0.5,1],[0.5,0.5],[1,0.6666666666666666],[1,0.5]]"));
}

TEST(ClassFindings, CalibrationSetsSurenessBesideHowOftenItIsRight) {
  // Four predictions: 0.9 right, 0.9 wrong, 0.6 right, 0.6 right.
  const ordered_json calibration = found({1, 0, 1, 1}, {0.92F, 0.92F, 0.62F, 0.62F})["calibration"];
  ASSERT_EQ(calibration["bins"].size(), 2U);
  EXPECT_EQ(calibration["bins"][0]["accuracy"], 1);
  EXPECT_EQ(calibration["bins"][1]["accuracy"], 0.5);
  EXPECT_EQ(calibration["bins"][1]["examples"], 2);
  EXPECT_NEAR(calibration["ece"].get<double>(), 0.5 * 0.38 + 0.5 * 0.42, 1e-6);
}

TEST(ClassFindings, ARelabelledExampleKeepsTheLabelOfTheData) {
  const Part odd_or_even = numbered(4).relabelled({1, 1, 1, 1}, 2);
  ClassFindings findings(2);
  findings.see(2, 1, 0, 0.8F, std::vector{1.4, -1.4});
  EXPECT_EQ(findings.to_json(odd_or_even, kNames)["mistakes"][0]["original"], "0");
  EXPECT_FALSE(findings.to_json(numbered(4), kNames)["mistakes"][0].contains("original"));
}

TEST(ClassFindings, EveryKindOfMistakeIsKept) {
  // 30 sure ones of one kind, then two unsure ones of another.
  std::vector<int64_t> labels(30, 0);
  std::vector<float> yes(30, 0.9F);
  labels.insert(labels.end(), {1, 1});
  yes.insert(yes.end(), {0.4F, 0.4F});
  const ordered_json mistakes = found(labels, yes)["mistakes"];
  ASSERT_EQ(mistakes.size(), 26U);
  EXPECT_EQ(mistakes[25]["label"], "yes");
}

TEST(ClassFindings, AClassThatDoesNotOccurHasNoCurve) {
  EXPECT_TRUE(found({0, 0}, {0.1F, 0.2F})["roc"].empty());
}

TEST(ClassFindings, MistakesAreThoseItWasSurestOf) {
  const ordered_json mistakes = found({0, 0, 1, 1, 0}, {0.7F, 0.9F, 0.3F, 0.8F, 0.2F})["mistakes"];
  ASSERT_EQ(mistakes.size(), 3U);
  // Of two as sure as each other the first of the data.
  EXPECT_EQ(mistakes[0]["index"], 1);
  EXPECT_EQ(mistakes[1]["index"], 0);
  EXPECT_EQ(mistakes[2]["index"], 2);
  EXPECT_EQ(mistakes[2]["label"], "yes");
  EXPECT_EQ(mistakes[2]["predicted"], "no");
  EXPECT_FLOAT_EQ(mistakes[2]["probability"].get<float>(), 0.7F);
  EXPECT_EQ(mistakes[2]["shape"], ordered_json::parse("[1,1,1]"));
  EXPECT_EQ(from_base64(mistakes[2]["pixels"]), Bytes{2});
}

TEST(ClassFindings, ThereAreAtMost24Mistakes) {
  const ordered_json mistakes = found(std::vector<int64_t>(40, 1), std::vector<float>(40, 0.25F))["mistakes"];
  ASSERT_EQ(mistakes.size(), 24U);
  EXPECT_EQ(mistakes[0]["index"], 0);
  EXPECT_EQ(mistakes[23]["index"], 23);
}

// Where probabilities are rounded to 1.
TEST(ClassFindings, DecisionsSayWhichMistakeItWasSurestOf) {
  ClassFindings findings(2);
  for (const double decision : {40.0, 60.0, 50.0}) {
    findings.see(static_cast<int64_t>(decision), 0, 1, 1.0F, std::vector{-decision, decision});
  }
  const ordered_json mistakes = findings.to_json(numbered(100), kNames)["mistakes"];
  EXPECT_EQ(mistakes[0]["index"], 60);
  EXPECT_EQ(mistakes[1]["index"], 50);
}

}  // namespace
}  // namespace actlab::test
