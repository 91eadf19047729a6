#include "report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "core/error.h"
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
  for (const char* part : {"Confusion matrix", "What it got wrong", "Loss by step", "Learned parameters",
                           "Delta ratio", "data:image/png;base64,", "ROC", "90.00 %"})
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
  EXPECT_THAT(page, HasSubstr("Delta ratio"));
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
