#include "rundir/line_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "core/error.h"
#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Lines are their step; anything else is damaged.
int64_t step_of(const std::string& line) {
  return !line.empty() && line.find_first_not_of("0123456789") == std::string::npos ? std::stoll(line) : -1;
}

class LineLogTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "log.csv";
};

TEST_F(LineLogTest, WritesWhatWasAddedBelowAHeader) {
  LineLog log(file_, "step");
  log.flush();
  EXPECT_FALSE(std::filesystem::exists(file_));
  log.add("1");
  log.flush();
  log.add("2");
  log.flush();
  EXPECT_EQ(text_of(file_), "step\n1\n2\n");
}

TEST_F(LineLogTest, AnEmptyFileGetsItsHeader) {
  put_text(file_, "");
  LineLog log(file_, "step");
  log.add("1");
  log.flush();
  EXPECT_EQ(text_of(file_), "step\n1\n");
}

TEST_F(LineLogTest, ForgetsLaterStepsAndHalfALine) {
  put_text(file_, "step\n1\n2\n3\n4");
  LineLog log(file_, "step");
  EXPECT_THAT(log.read(9, step_of), ElementsAre("1", "2", "3"));
  EXPECT_THAT(log.read(2, step_of), ElementsAre("1", "2"));
  EXPECT_EQ(text_of(file_), "step\n1\n2\n3\n4");
  log.cut();
  EXPECT_EQ(text_of(file_), "step\n1\n2\n");
}

TEST_F(LineLogTest, NamesADamagedLineAndLosesNothing) {
  for (const std::string header : {"", "step\n"}) {
    put_text(file_, header + "1\nrubbish\n3\n");
    LineLog log(file_, header.substr(0, header.find('\n')));
    EXPECT_THAT(error_of([&] { log.read(9, step_of); }),
                HasSubstr(std::string("log.csv: line ") + (header.empty() ? "2" : "3") + " is damaged"));
    EXPECT_EQ(text_of(file_), header + "1\nrubbish\n3\n");
  }
  EXPECT_THAT(LineLog(folder_ / "none.csv").read(9, step_of), IsEmpty());
}

// A limit on file sizes is what a full disk is: half of the lines fit.
TEST_F(LineLogTest, AFullDiskLeavesNoHalfBlock) {
  LineLog log(file_);
  log.add("1");
  log.flush();
  log.add("23456789");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{6, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(log.flush(), Error);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(text_of(file_), "1\n");
  log.flush();
  EXPECT_EQ(text_of(file_), "1\n23456789\n");
}

}  // namespace
}  // namespace actlab::test
