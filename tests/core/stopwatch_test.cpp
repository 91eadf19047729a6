#include "core/stopwatch.h"

#include <gtest/gtest.h>

#include <thread>

namespace actlab::test {
namespace {

TEST(Stopwatch, CountsSecondsSinceItWasMade) {
  constexpr double kSlept = 0.02;
  const Stopwatch older;
  Stopwatch watch;
  std::this_thread::sleep_for(std::chrono::duration<double>(kSlept));
  const double seconds = watch.seconds();
  EXPECT_GE(seconds, kSlept);
  EXPECT_GE(watch.seconds(), seconds);
  watch = {};
  const double anew = watch.seconds();
  EXPECT_LE(anew + kSlept, older.seconds());
}

}  // namespace
}  // namespace actlab::test
