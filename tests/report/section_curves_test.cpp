#include "report/section_curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/page.h"
#include "report/sample_run.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string page_of(const SampleRun& sample, const std::string& rate_of_last_step = "") {
  const TemporaryFolder folder;
  write_sample(folder / "run", sample);
  if (!rate_of_last_step.empty()) {
    std::string steps = sample::steps(sample);
    steps.replace(steps.rfind("0.001"), 5, rate_of_last_step);
    put_text(folder / "run/steps.csv", steps);
  }
  return report_page({folder / "run"});
}

TEST(Curves, ARunOfOneEpochShowsItsSteps) {
  const std::string page = page_of({.epochs = 1});
  EXPECT_THAT(page, HasSubstr("Loss by step"));
  EXPECT_THAT(page, Not(HasSubstr("<b>Loss</b>")));
}

TEST(Curves, AConstantRateIsASentence) {
  const std::string page = page_of({});
  EXPECT_THAT(page, HasSubstr("<b>Loss</b>"));
  EXPECT_THAT(page, HasSubstr("The learning rate was 0.001 throughout."));
  EXPECT_THAT(page, Not(HasSubstr("<b>Learning rate</b>")));
  EXPECT_THAT(page_of({}, "0.0005"), HasSubstr("<b>Learning rate</b>"));
}

// The sample's best epoch is the first of four.
TEST(Curves, TheBestEpochIsMarked) {
  EXPECT_THAT(page_of({}), HasSubstr(">best</text>"));
}

}  // namespace
}  // namespace actlab::test
