#include "train/class_findings.h"

#include <gmock/gmock.h>

#include <cmath>

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
    const std::vector<float> probabilities = {1 - yes[i], yes[i]};
    findings.see(static_cast<int64_t>(i), labels[i], yes[i] >= 0.5F ? 1 : 0, probabilities);
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

TEST(ClassFindings, ThereAreAtMost24MistakesAndNanIsTheLeastSure) {
  std::vector<int64_t> labels(40, 1);
  std::vector<float> yes(40, 0.25F);
  yes[0] = std::nanf("");
  const ordered_json mistakes = found(labels, yes)["mistakes"];
  ASSERT_EQ(mistakes.size(), 24U);
  EXPECT_EQ(mistakes[0]["index"], 1);
  EXPECT_EQ(mistakes[23]["index"], 24);
}

}  // namespace
}  // namespace actlab::test
