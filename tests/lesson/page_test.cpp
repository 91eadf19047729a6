#include "lesson/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/test_support.h"
#include "lesson/result.h"

namespace actlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

LessonResult made(double value) {
  LessonResult result;
  result.lesson.name = "steep";
  result.lesson.asked = "steep";
  result.lesson.text = {.claim = "It is steep | or not.",
                        .why = "Because.\n",
                        .method = "By ruler.",
                        .source = "A book.",
                        .attempts = {"model.activation=tanh"}};
  Expectation expectation;
  expectation.at_most = 0.25;
  result.lesson.expected = {{"steepest", expectation}};
  result.measured.figures = {{"steepest", value}, {"where", 1e-9}};
  result.measured.chart.title = "Steepness";
  result.measured.chart.series = {{.name = "f", .x = {0, 1}, .y = {0, 1}}};
  return result;
}

TEST(LessonResult, HoldsWhenEveryExpectedFigureDoes) {
  EXPECT_TRUE(made(0.25).holds());
  EXPECT_FALSE(made(0.26).holds());
  EXPECT_THAT(made(0.3).misses(), ElementsAre("steepest is 0.3, expected at most 0.25"));
}

TEST(LessonResult, TheTerminalAndJsonSayTheSame) {
  EXPECT_THAT(terminal_text(made(0.2)), HasSubstr("steep: It is steep | or not.\n"));
  EXPECT_THAT(terminal_text(made(0.2)), Not(HasSubstr("NOT")));
  EXPECT_THAT(terminal_text(made(0.3)), HasSubstr("DOES NOT HOLD"));
  const auto json = to_json(made(0.3));
  EXPECT_EQ(json["measured"]["steepest"], 0.3);
  EXPECT_EQ(json["measured"]["where"], 1e-9);
  EXPECT_EQ(json["expected"]["steepest"]["at_most"], 0.25);
  EXPECT_EQ(json["holds"], false);
}

TEST(LessonPage, HasAllPartsOfTheLesson) {
  const std::string page = lesson_page(made(0.2));
  for (const char* part :
       {"# It is steep | or not.\n", "## Why\n\nBecause.\n\n", "By ruler.", "lesson run steep\n",
        "| steepest | 0.2 | at most 0.25 | yes |\n", "| where | 1e-9 | | |\n", "![Steepness](steep.svg)",
        "lesson run steep model.activation=tanh", "A book."}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  EXPECT_THAT(lesson_page(made(0.3)), HasSubstr("**no**"));
  EXPECT_THAT(lesson_index({made(0.2)}), HasSubstr("| [steep](steep.md) | It is steep \\| or not. | yes |"));
}

TEST(LessonPage, FilesAreWrittenIntoANewFolder) {
  const test::TemporaryFolder folder;
  write_pages({made(0.2)}, folder / "a/b");
  EXPECT_EQ(test::text_of(folder / "a/b/steep.md"), lesson_page(made(0.2)));
  EXPECT_THAT(test::text_of(folder / "a/b/steep.svg"), HasSubstr("<svg"));
  // Pages of a few lessons leave the list of all as it is.
  EXPECT_FALSE(std::filesystem::exists(folder / "a/b/README.md"));
}

}  // namespace
}  // namespace actlab
