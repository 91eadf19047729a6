#include "core/log.h"

#include <sys/resource.h>

#include <csignal>

#include "core/test_support.h"

namespace actlab::test {
namespace {

// In a child, since the file is this process's from then on. A limit on file sizes is what a full disk is.
TEST(Log, AFileThatCannotTakeAMessageIsAnError) {
  const TemporaryFolder folder;
  const auto status = [&](rlim_t limit) {
    return run_in_child([&] {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit small{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &small);
      log_to_file(folder / "log.txt");
      log_info("a message of some length, so that it does not fit");
      return error_of(check_log).find("log.txt") == std::string::npos ? 0 : 1;
    });
  };
  EXPECT_EQ(status(10), 1);
  EXPECT_EQ(status(1 << 20), 0);
}

}  // namespace
}  // namespace actlab::test
