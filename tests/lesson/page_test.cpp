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

TEST(LessonResult, TellsTheSpreadAndWhatWasLeftOut) {
  LessonResult result = made(std::nan(""));
  result.measured.meaning = "slope on a grid";
  result.measured.spread = {{"where", {1, 2, 5}}};
  result.measured.layers = {{"delta", {1, 2}, {0.5, 1}, {2, 4}}};
  result.measured.notes = {"5 of 5 networks are left out"};
  const auto json = to_json(result);
  EXPECT_EQ(json["spread"]["where"]["p95"], 2);
  EXPECT_EQ(json["spread"]["where"]["draws"], 5);
  EXPECT_EQ(json["layers"]["delta"]["p5"], (std::vector<double>{0.5, 1}));
  EXPECT_EQ(json["notes"][0], "5 of 5 networks are left out");
  const std::string text = terminal_text(result);
  EXPECT_THAT(text, HasSubstr("5 to 95 % of 5 networks: 1 to 2"));
  EXPECT_THAT(text, HasSubstr("slope on a grid"));
  EXPECT_THAT(text, HasSubstr("5 of 5 networks are left out"));
  EXPECT_THAT(result.misses(), ElementsAre("steepest has no value, expected at most 0.25"));
  EXPECT_THAT(lesson_page(result), HasSubstr("- 5 of 5 networks are left out\n"));
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
  EXPECT_EQ(test::text_of(folder / "a/b/README.md"), lesson_index({made(0.2)}));
  // Pages of a few lessons leave the list of all as it is.
  test::put_text(folder / "a/b/README.md", "all");
  write_pages({made(0.2)}, folder / "a/b");
  EXPECT_EQ(test::text_of(folder / "a/b/README.md"), "all");
}

TEST(LessonPage, LinksOnlyToPagesThatAreThere) {
  const auto none = [](const std::string& page) { return page == "here.md"; };
  EXPECT_EQ(without_dead_links("a [b](gone.md), [c](here.md) [d](https://x.org/e.md) [f", none),
            "a b, [c](here.md) [d](https://x.org/e.md) [f");
  EXPECT_EQ(without_dead_links("![chart](steep.svg)\n", none), "![chart](steep.svg)\n");
  LessonResult result = made(0.2);
  result.lesson.text.why = "See [flat](flat.md).";
  const test::TemporaryFolder folder;
  write_pages({result}, folder / "a");
  EXPECT_THAT(test::text_of(folder / "a/steep.md"), HasSubstr("See flat."));
  test::put_text(folder / "a/flat.md", "flat");
  write_pages({result}, folder / "a");
  EXPECT_THAT(test::text_of(folder / "a/steep.md"), HasSubstr("See [flat](flat.md)."));
}

}  // namespace
}  // namespace actlab
