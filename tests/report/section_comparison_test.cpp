#include "report/section_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/page.h"
#include "report/sample_run.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two activations with a run each, which took these seconds an epoch.
std::string page_of_two(const nlohmann::json& seconds) {
  const TemporaryFolder folder;
  nlohmann::json rows = nlohmann::json::array();
  for (const char* name : {"relu", "tanh"}) {
    write_sample(folder / name, {.name = name});
    rows.push_back({{"activation", name},
                    {"test_accuracy", {{"mean", 0.9}}},
                    {"seconds_per_epoch", seconds},
                    {"runs", {{{"seed", 1}, {"test_accuracy", 0.9}, {"run", name}}}}});
  }
  put_text(folder / "compare.json",
           nlohmann::json({{"baseline", "relu"}, {"seeds", {1}}, {"epochs", 4}, {"rows", rows}}).dump());
  return report_page({folder.path()});
}

TEST(ComparisonSection, ShowsTheFunctionsThatAreCompared) {
  const std::string page = page_of_two(1.5);
  const size_t begin = page.find("class=\"grid tiny\"");
  ASSERT_NE(begin, std::string::npos);
  const std::string shapes = page.substr(begin, page.find("Test accuracy", begin) - begin);
  EXPECT_THAT(shapes, HasSubstr("<b>relu</b>"));
  EXPECT_THAT(shapes, HasSubstr("<b>tanh</b>"));
  EXPECT_THAT(shapes, HasSubstr("<svg"));
}

TEST(ComparisonSection, ShowsWhatAccuracyCosts) {
  EXPECT_THAT(page_of_two(1.5), HasSubstr("<b>Time against accuracy</b>"));
  EXPECT_THAT(page_of_two(nullptr), Not(HasSubstr("Time against accuracy")));
}

}  // namespace
}  // namespace actlab::test
