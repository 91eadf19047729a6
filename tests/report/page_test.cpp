#include "report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "core/error.h"
#include "diagnose/verdict.h"
#include "report/before_after.h"
#include "report/measures.h"
#include "report/png.h"
#include "report/sample_run.h"
#include "report/xml.h"

namespace actlab::test {
namespace {

using namespace report;

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr size_t kTwoMegabytes = 2'000'000;
constexpr char kHostileText[] = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\x01";

// The page from <body> to the script, with HTML's void elements closed: must be well-formed.
std::string body_of(const std::string& page) {
  const size_t begin = page.find("<body");
  return page.substr(begin, page.find("<script>", begin) - begin) + "</body>";
}

TEST(Page, ShowsEverythingThatAFullRunHas) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  const std::string page = report_page({folder / "run"});
  for (const char* tab : {"summary", "curves", "results", "activations", "diagnosis", "config", "machine"})
    EXPECT_THAT(page, HasSubstr("data-tab=\"" + std::string(tab) + "\"")) << tab;
  for (const char* part :
       {"Confusion matrix", "What it got wrong", "Loss by step", "Learned parameters", "Gradient size",
        "Precision and recall", "Calibration", "Weights of the first layer",
        "What each layer feeds into its activation", "data:image/png;base64,", "ROC", "90.00 %"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_EQ(xml_problem(body_of(page)), "");
}

TEST(Page, NeedsNothingFromElsewhere) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  const std::string page = report_page({folder / "run"});
  const std::regex reference(R"re((src|href|action)="(?!#|data:)|@import|url\()re");
  EXPECT_FALSE(std::regex_search(page, reference));
  EXPECT_THAT(page, HasSubstr("default-src &#39;none&#39;"));
  EXPECT_THAT(page, HasSubstr("connect-src &#39;none&#39;"));
  EXPECT_THAT(report_page({folder / "run"}, 3), HasSubstr("connect-src &#39;self&#39;"));
}

TEST(Page, HostileTextStaysText) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {.name = kHostileText});
  const std::string page = report_page({folder / "run"});
  EXPECT_EQ(count_of(page, "<script"), 1U);
  EXPECT_EQ(count_of(page, "</script"), 1U);
  EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
  EXPECT_EQ(xml_problem(body_of(page)), "");
}

TEST(Page, AFolderNameIsTextToo) {
  const TemporaryFolder folder;
  const fs::path run = folder.path() / "<b onclick=alert(1)>&\"'";
  write_sample(run, {});
  const std::string page = report_page({run, run});
  EXPECT_THAT(page, Not(HasSubstr("<b onclick")));
  EXPECT_EQ(xml_problem(body_of(page)), "");
}

TEST(Page, StaysUnderTwoMegabytes) {
  const TemporaryFolder folder;
  write_sample(folder / "run",
               {.layers = 100, .epochs = 200, .steps_an_epoch = 1000, .classes = 100, .side = 224});
  EXPECT_LT(report_page({folder / "run"}).size(), kTwoMegabytes);
}

TEST(Page, IsShownCoarserWhereItWouldBeTooLarge) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {.layers = 300, .epochs = 60, .classes = 10, .side = 224});
  put_text(folder / "run/config.yaml", std::string(100000, '"'));
  const std::string page = report_page({folder / "run"});
  EXPECT_LT(page.size(), kTwoMegabytes);
  EXPECT_THAT(page, HasSubstr("Gradient size"));
  EXPECT_EQ(xml_problem(body_of(page)), "");
}

TEST(Page, LongTextsAreCutShort) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {.name = std::string(1 << 16, '&')});
  const std::string page = report_page({folder / "run", folder / "run"});
  EXPECT_LT(page.size(), kTwoMegabytes);
  EXPECT_EQ(xml_problem(body_of(page)), "");
}

TEST(Page, ManyRunsStayUnderTwoMegabytesAndSaySo) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {.layers = 20, .epochs = 20, .classes = 10, .side = 28});
  const std::vector<fs::path> runs(40, folder / "run");
  const std::string page = report_page(runs);
  EXPECT_LT(page.size(), kTwoMegabytes);
  EXPECT_THAT(page, HasSubstr("left out"));
  EXPECT_EQ(xml_problem(body_of(page)), "");
}

TEST(Page, ARunJustBegunHasWhatThereIs) {
  const TemporaryFolder folder;
  put_text(folder / "config.yaml", "seed: 1\ntrain:\n  epochs: 10\n");
  const std::string page = report_page({folder.path()});
  EXPECT_THAT(page, HasSubstr("unfinished"));
  EXPECT_THAT(page, HasSubstr("before its first epoch"));
  EXPECT_THAT(page, Not(HasSubstr("data-tab=\"results\"")));
  EXPECT_EQ(xml_problem(body_of(page)), "");
}

TEST(Page, DamagedFilesAreNamedOnIt) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  put_text(folder / "run/evaluation.json", "{");
  const std::string page = report_page({folder / "run"});
  EXPECT_THAT(page, HasSubstr("evaluation.json is damaged"));
  EXPECT_THAT(page, HasSubstr("data-tab=\"curves\""));
}

TEST(Page, AComparisonShowsItsTableAndRuns) {
  const TemporaryFolder folder;
  write_sample(folder / "relu-1", {});
  put_text(
      folder / "compare.json",
      R"({"baseline": "relu", "baseline_chosen_by_data": true, "seeds": [1], "epochs": 2, "notes": ["one seed"], "rows":
           [{"activation": "relu", "test_accuracy": {"mean": 0.9, "sd": null, "ci95": null}, "difference": null,
             "diverged": 0, "runs": [{"seed": 1, "test_accuracy": 0.9, "run": "relu-1"}]},
            {"activation": "tanh", "test_accuracy": {"mean": null}, "difference": null, "diverged": 1, "runs": []}]})");
  const std::string page = report_page({folder.path()});
  for (const char* part :
       {"data-tab=\"comparison\"", "one seed", "chosen by these same results", "relu-1", "tanh"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_EQ(xml_problem(body_of(page)), "");
}

// The whole of the table's cell or row that begins with this text.
std::string row_of(const std::string& page, const std::string& first_cell) {
  const size_t at = page.find("<th scope=\"row\">" + first_cell);
  return at == std::string::npos ? "" : page.substr(at, page.find("</tr>", at) - at);
}

constexpr char kThreeSeeds[] = R"({"baseline": "relu", "seeds": [1, 2, 3], "epochs": 2, "rows":
  [{"activation": "relu", "test_accuracy": {"mean": 0.97331, "sd": 0.001, "ci95": [0.97091, 0.97571]}, "difference": null,
    "probability_best": 1, "runs": []},
   {"activation": "tanh", "test_accuracy": {"mean": 0.95, "sd": 0.001, "ci95": [0.94, 0.96]},
    "difference": {"mean": -0.02331, "ci95": [-0.03331, -0.01331]}, "p_holm": 0.01, "probability_best": 0, "runs": []}]})";

// ± is half the interval, as in the terminal, and never the deviation.
TEST(Page, PlusMinusIsHalfTheInterval) {
  const TemporaryFolder folder;
  put_text(folder / "compare.json", kThreeSeeds);
  const std::string page = report_page({folder.path()});
  EXPECT_THAT(row_of(page, "relu"), HasSubstr("97.33 ± 0.24"));
  EXPECT_THAT(row_of(page, "tanh"), HasSubstr("-2.33 ± 1.00"));
  EXPECT_THAT(page, Not(HasSubstr("± sd")));
  EXPECT_THAT(page, HasSubstr("class=\"best\""));
}

TEST(Page, TwoSeedsRankNothing) {
  const TemporaryFolder folder;
  std::string two = kThreeSeeds;
  two.replace(two.find(", 3]"), 4, "]");
  put_text(folder / "compare.json", two);
  const std::string page = report_page({folder.path()});
  EXPECT_THAT(row_of(page, "relu"), HasSubstr("97.33"));
  EXPECT_THAT(row_of(page, "relu") + row_of(page, "tanh"), Not(HasSubstr("±")));
  EXPECT_THAT(page, HasSubstr("ranks nothing"));
  EXPECT_THAT(page, Not(HasSubstr("class=\"best\"")));
}

// Two runs that differ in `key` of what run.json says of the data.
std::string page_of_two(const std::string& key, const nlohmann::json& other) {
  const TemporaryFolder folder;
  nlohmann::json data = {
      {"fingerprint", "a"}, {"classes", {"0", "1"}}, {"train", 10}, {"validation", 1}, {"test", 5}};
  for (const char* name : {"one", "two"}) {
    write_sample(folder / name, {});
    put_text(folder / name / "run.json", nlohmann::json({{"data", data}}).dump());
    data[key] = other;
  }
  return report_page({folder / "one", folder / "two"});
}

TEST(Page, OnlyRunsOfTheSameTaskAreRanked) {
  const std::string same = page_of_two("fingerprint", "a");
  EXPECT_THAT(same, HasSubstr("class=\"best\""));
  EXPECT_THAT(same, Not(HasSubstr("Different data: not compared")));
  EXPECT_THAT(same, HasSubstr("2 classes"));
  EXPECT_THAT(same, HasSubstr(">mlp<"));
  for (const auto& [key, other] : std::vector<std::pair<std::string, nlohmann::json>>{
           {"fingerprint", "b"}, {"classes", {"0", "1", "2"}}, {"validation", 2}, {"test", 4}}) {
    const std::string page = page_of_two(key, other);
    EXPECT_THAT(page, Not(HasSubstr("class=\"best\""))) << key;
    EXPECT_THAT(page, HasSubstr("Different data: not compared")) << key;
  }
}

// The validation part is drawn by the seed, the test data are the same.
TEST(Page, TheTestDataDecideWhereTheyAreKnown) {
  const TemporaryFolder folder;
  for (const char* name : {"one", "two"}) {
    write_sample(folder / name, {});
    put_text(folder / name / "run.json",
             nlohmann::json({{"data", {{"fingerprint", name}, {"test_fingerprint", "t"}}}}).dump());
  }
  EXPECT_THAT(report_page({folder / "one", folder / "two"}), Not(HasSubstr("not compared")));
}

TEST(Page, TheCommandToTrainItAgainIsTheLatestWithoutItsResume) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  for (const auto& [resume, rest] :
       std::vector<std::pair<std::string, std::string>>{{" --resume last", " train.epochs=9"},
                                                        {" --resume '/some where/last.safetensors'", ""},
                                                        {" --resume '/it'\\''s/last.safetensors'", ""},
                                                        {" '--resume=/a b/last.safetensors'", ""},
                                                        {"", ""}}) {
    const std::string command = "actlab train a.yaml" + rest;
    put_text(folder / "run/run.json",
             nlohmann::json({{"command", "actlab train a.yaml train.epochs=1"},
                             {"starts",
                              {{{"command", "actlab train a.yaml train.epochs=1"}},
                               {{"command", "actlab train a.yaml" + resume + rest}}}}})
                 .dump());
    EXPECT_THAT(report_page({folder / "run"}), HasSubstr("data-copy=\"" + command + "\""));
  }
}

TEST(Page, DeadUnitsAreCountedAndNamedApart) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {.layers = 1});
  const std::string page = report_page({folder / "run"});
  EXPECT_THAT(page.substr(page.find("Births, deaths")), HasSubstr("<td>2 of 100</td><td>#3, #17</td>"));
}

TEST(Page, WhatDependsOnSeveralInputsHasItsFormulaAndNoEmptyChart) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  put_text(
      folder / "run/activations.json",
      R"([{"name": "swiglu", "formula": "swish(a) * b", "derivative": "dy/da", "layers": ["act1"], "x": null}])");
  const std::string page = report_page({folder / "run"});
  EXPECT_THAT(page, HasSubstr("several inputs"));
  EXPECT_THAT(page, HasSubstr("swish(a) * b"));
  EXPECT_THAT(page, Not(HasSubstr("nothing recorded yet")));
}

TEST(Page, AHistogramWithoutASlopeHasNoSharesOfFlatAndLinear) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  EXPECT_THAT(report_page({folder / "run"}), HasSubstr("class=\"sharebar\""));
  put_text(folder / "run/diagnostics.jsonl",
           R"({"epoch": 0, "layers": [{"layer": "act1", "linear": null, "histogram_low": -1, )"
           R"("histogram_high": 1, "histogram": [1, 2, 1]}]})"
           "\n");
  const std::string page = report_page({folder / "run"});
  EXPECT_THAT(page, HasSubstr("hist now"));
  EXPECT_THAT(page, Not(HasSubstr("class=\"sharebar\"")));
}

TEST(Page, ARelabelledMistakeTellsWhatItReallyIs) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  auto evaluation = sample::evaluation({});
  evaluation["mistakes"][0]["original"] = "7";
  put_text(folder / "run/evaluation.json", evaluation.dump());
  EXPECT_THAT(report_page({folder / "run"}), HasSubstr("<b>a 7</b>"));
}

TEST(Page, ADivergedRunBeginsWithItsLossAndWhatWouldHelp) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  fs::remove(folder / "run/summary.json");
  fs::remove(folder / "run/evaluation.json");
  put_text(folder / "run/diverged.txt", "the loss is NaN");
  const std::string page = report_page({folder / "run"});
  const size_t stats = page.find("class=\"stats\"");
  EXPECT_LT(page.find("Loss"), stats);
  EXPECT_LT(page.find("class=\"verdict\""), stats);
}

// The report reads run directories and includes nothing of diagnose; its limits are those of the verdicts.
TEST(Measures, LimitsAreThoseOfTheVerdicts) {
  EXPECT_EQ(limits::kGradientSpan, Limits::kGradientSpan);
  EXPECT_EQ(limits::kDead, Limits::kDead);
  EXPECT_EQ(limits::kSaturated, Limits::kSaturated);
  EXPECT_EQ(limits::kOffCentre, Limits::kOffCentre);
  EXPECT_EQ(limits::kOneSignExamples, Limits::kOneSignExamples);
  EXPECT_EQ(limits::kOneSignBatch, Limits::kOneSignBatch);
  EXPECT_EQ(limits::kLargeUpdate, Limits::kLargeUpdate);
  EXPECT_EQ(limits::kSmallUpdate, Limits::kSmallUpdate);
}

TEST(BeforeAfter, IsOnePictureOfTwoRuns) {
  const TemporaryFolder folder;
  write_sample(folder / "before", {.layers = 30, .name = kHostileText});
  write_sample(folder / "after", {.layers = 30});
  write_before_after(folder / "before", folder / "after", folder / "card.svg");
  const std::string svg = text_of(folder / "card.svg");
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_THAT(svg, HasSubstr("width=\"1200\" height=\"630\""));
  EXPECT_THAT(svg, HasSubstr("30 hidden layers: 90.00 % → 90.00 %"));
  EXPECT_GE(count_of(svg, "<rect"), 60U);
  EXPECT_THAT(svg, Not(HasSubstr("var(")));
}

TEST(BeforeAfter, RefusesWhatItCannotShow) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  write_sample(folder / "blind", {});
  fs::remove(folder / "blind/diagnostics.jsonl");
  const auto message = [&](const char* after, const char* out) {
    return error_of([&] { write_before_after(folder / "run", folder / after, folder / out); },
                    ExitStatus::kUsage);
  };
  EXPECT_THAT(message("blind", "card.svg"), HasSubstr("never examined"));
  EXPECT_THAT(message("run", "card.jpg"), HasSubstr(".png"));
  EXPECT_THAT(message("nowhere", "card.svg"), HasSubstr("does not exist"));
}

TEST(Page, NamesTheRunThatWasMeant) {
  const TemporaryFolder folder;
  write_sample(folder / "mnist_cnn", {});
  fs::create_directory(folder / "other");
  const auto message = [&](const std::string& name) {
    return error_of([&] { report_page({folder / name}); }, ExitStatus::kUsage);
  };
  EXPECT_THAT(message("mnist_cn"), HasSubstr("did you mean 'mnist_cnn'"));
  EXPECT_THAT(message("mnist_cn/"), HasSubstr("did you mean 'mnist_cnn'"));
  EXPECT_THAT(message("other"), HasSubstr("config.yaml"));
  EXPECT_THAT(message("mnist_cnn/config.yaml"), HasSubstr("is no folder"));
}

TEST(Page, IsWrittenWholeBesideTheRun) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  const fs::path out = default_report_path({folder / "run"});
  EXPECT_EQ(out, folder / "run/report.html");
  write_report({folder / "run"}, out);
  EXPECT_THAT(text_of(out), HasSubstr("</html>"));
  error_of([&] { write_report({folder / "run"}, folder / "nowhere/report.html"); });
  EXPECT_EQ(default_report_path({"a", "b"}).filename(), "report.html");
}

TEST(Page, PicturesShrinkAndMayBeOfAnyShape) {
  Mistake mistake;
  EXPECT_EQ(picture_uri(mistake, 64), "");
  for (const auto& [channels, height, width] :
       {std::tuple{1, 1, 1}, {3, 300, 2}, {1, 2, 300}, {5, 28, 28}, {3, 224, 224}}) {
    mistake.channels = channels, mistake.height = height, mistake.width = width;
    mistake.pixels.assign(static_cast<size_t>(channels) * static_cast<size_t>(height * width), 77);
    EXPECT_THAT(picture_uri(mistake, 64), HasSubstr("data:image/png;base64,iVBOR"));
  }
}

}  // namespace
}  // namespace actlab::test
