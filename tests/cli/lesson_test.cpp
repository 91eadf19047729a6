#include <gmock/gmock.h>

#include <regex>

#include "cli/run_here.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;

// Figures that were measured differ in their last digits between machines.
std::string without_measured(const std::string& page) {
  return std::regex_replace(page, std::regex(R"((\| \w+ \| )[-+.0-9einfa]+( \|))"), "$1#$2");
}

// One run of all of them for all that is to be said of it.
TEST(LessonCommand, AllClaimsHoldAndTheirPagesAreUpToDate) {
  const TemporaryFolder folder;
  const Outcome outcome = run_actlab(folder, {"lesson", "run", "all", "--json", "--out", folder / "pages"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto results = outcome.json();
  EXPECT_GE(results.size(), 15U);
  for (const auto& result : results) {
    EXPECT_TRUE(result["holds"].get<bool>()) << result;
    EXPECT_FALSE(result["measured"].empty());
    EXPECT_FALSE(result["claim"].get<std::string>().empty());
    EXPECT_GT(result["seconds"], 0);
  }

  const std::filesystem::path kept = ACTLAB_SOURCE_DIR "/docs/lessons";
  std::set<std::string> pages;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "pages")) {
    const auto name = entry.path().filename();
    pages.insert(name);
    if (name.extension() != ".md") continue;
    EXPECT_EQ(without_measured(text_of(entry.path())), without_measured(text_of(kept / name)))
        << "write it again: build/actlab lesson run all --out docs/lessons";
  }
  std::set<std::string> kept_pages;
  for (const auto& entry : std::filesystem::directory_iterator(kept))
    kept_pages.insert(entry.path().filename());
  EXPECT_EQ(pages, kept_pages);
}

TEST(LessonCommand, ABrokenToleranceExitsWithFive) {
  const TemporaryFolder folder;
  const std::string broken = "lesson.expect.steepest={at_most: 0.2}";
  const Outcome outcome = run_actlab(folder, {"lesson", "run", "sigmoid_slope", "tanh_slope", broken});
  EXPECT_EQ(outcome.status, 5);
  EXPECT_THAT(outcome.err, HasSubstr("sigmoid_slope"));
  EXPECT_THAT(outcome.err, HasSubstr("0.25"));
  EXPECT_THAT(outcome.out, HasSubstr("DOES NOT HOLD"));
  const Outcome json = run_actlab(folder, {"lesson", "run", "sigmoid_slope", broken, "--json"});
  EXPECT_EQ(json.status, 5);
  EXPECT_EQ(json.json()[0]["holds"], false);
}

TEST(LessonCommand, ListNamesTheClaims) {
  const auto list = run_here({"lesson", "list", "--json"}).json();
  EXPECT_GE(list.size(), 15U);
  const Outcome text = run_here({"lesson", "list"});
  for (const auto& lesson : list) EXPECT_THAT(text.out, HasSubstr(lesson["claim"].get<std::string>()));
}

TEST(LessonCommand, MistakesAreUsageErrors) {
  const TemporaryFolder folder;
  for (const auto& [arguments, expected] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"lesson", "rnu", "all"}, "'run'"},
           {{"lesson", "run"}, "all"},
           {{"lesson", "list", "vanishing"}, "list"},
           {{"lesson", "run", "vanishng"}, "'vanishing'"},
           {{"lesson", "run", "sigmoid_slope", "model.activation=relu"}, "takes no network"},
           {{"lesson", "run", "relu_zeros", "lesson.expect.zeros.tolerance=-1"},
            "lesson.expect.zeros.tolerance"},
           {{"lesson", "run", "relu_zeros", "loss=bce"}, "relu_zeros"},
           {{"lesson", "run", folder / "nothing.yaml"}, "nothing.yaml"}}) {
    const Outcome outcome = run_here(arguments);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(expected));
    EXPECT_EQ(outcome.out, "");
  }
}

// Nielsen 2015, chapter 5, on real MNIST, which scripts/test fetches.
TEST(LessonCommandSlow, NielsensSigmoidsPassOnAFifthOfTheGradient) {
  const Outcome outcome =
      run_here({"lesson", "run", ACTLAB_SOURCE_DIR "/configs/experiments/nielsen_gradients.yaml", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err << outcome.out;
  const auto measured = outcome.json()[0]["measured"];
  EXPECT_NEAR(measured["ratio"], 0.20, 0.01);
  EXPECT_NEAR(measured["theory"], 0.2063, 0.001);
  EXPECT_EQ(outcome.json()[0]["layers"]["delta_ratio"]["mean"].size(), 4U);
}

}  // namespace
}  // namespace actlab::test
