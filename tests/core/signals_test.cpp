#include "core/signals.h"

#include <gtest/gtest.h>

#include <optional>

#include "core/test_support.h"

namespace actlab::test {
namespace {

// Each case runs in a child: what a signal does to it is what is tested.

TEST(StopSignals, RemembersTheSignalAndGoesOn) {
  for (const int number : {SIGINT, SIGTERM}) {
    EXPECT_EQ(run_in_child([number] {
                const StopSignals signals;
                if (signals.requested() != 0) return 1;
                ::raise(number);
                return signals.requested() == number ? 0 : 2;
              }),
              0);
  }
}

TEST(StopSignals, EndsAtOnceOnASecondSignal) {
  const auto status_after = [](int first, int second) {
    return run_in_child([=] {
      const StopSignals signals;
      ::raise(first);
      ::raise(second);
      return 1;
    });
  };
  EXPECT_EQ(status_after(SIGINT, SIGINT), 130);
  EXPECT_EQ(status_after(SIGTERM, SIGTERM), 143);
  EXPECT_EQ(status_after(SIGINT, SIGTERM), 143);
  EXPECT_EQ(status_after(SIGTERM, SIGINT), 130);
}

TEST(StopSignals, PutsTheDefaultActionBack) {
  const int status = wait_for(start_child([] {
    { const StopSignals signals; }
    ::raise(SIGTERM);
    return 0;
  }));
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

TEST(StopSignals, PutsAnotherHandlerBack) {
  EXPECT_EQ(run_in_child([] {
              ::signal(SIGINT, [](int) { ::_exit(42); });
              { const StopSignals signals; }
              ::raise(SIGINT);
              return 0;
            }),
            42);
}

TEST(StopSignals, StartsAfresh) {
  EXPECT_EQ(run_in_child([] {
              std::optional<StopSignals> signals;
              signals.emplace();
              ::raise(SIGINT);
              signals.emplace();
              return signals->requested();
            }),
            0);
}

TEST(StopSignals, WithoutOneASignalEndsTheProgramAtOnce) {
  for (const int number : {SIGINT, SIGTERM}) {
    EXPECT_EQ(run_in_child([number] {
                take_stop_signals();
                ::raise(number);
                return 0;
              }),
              128 + number);
    EXPECT_EQ(run_in_child([number] {
                take_stop_signals();
                { const StopSignals signals; }
                ::raise(number);
                return 0;
              }),
              128 + number);
  }
}

TEST(Unstopped, LetsASignalWaitForItsEnd) {
  const TemporaryFolder folder;
  EXPECT_EQ(run_in_child([&] {
              take_stop_signals();
              {
                const Unstopped unstopped;
                ::raise(SIGTERM);
                put_text(folder / "written", "whole");
              }
              put_text(folder / "never", "");
              return 0;
            }),
            143);
  EXPECT_EQ(text_of(folder / "written"), "whole");
  EXPECT_FALSE(std::filesystem::exists(folder / "never"));
}

TEST(Unstopped, ASecondSignalDoesNotWait) {
  EXPECT_EQ(run_in_child([] {
              take_stop_signals();
              const Unstopped unstopped;
              ::raise(SIGTERM);
              ::raise(SIGINT);
              return 0;
            }),
            130);
}

TEST(Unstopped, LeavesTheSignalToWhoRemembersIt) {
  EXPECT_EQ(run_in_child([] {
              const StopSignals signals;
              {
                const Unstopped unstopped;
                ::raise(SIGINT);
              }
              return signals.requested() == SIGINT && stop_signal() == SIGINT ? 0 : 1;
            }),
            0);
}

TEST(StopSignals, LetsAnInterruptedReadCarryOn) {
  EXPECT_EQ(run_in_child([] {
              const StopSignals signals;
              int ends[2];
              if (::pipe(ends) != 0) return 1;
              const pid_t parent = ::getpid();
              start_child([&] {
                ::usleep(20'000);
                ::kill(parent, SIGINT);
                ::usleep(20'000);
                return ::write(ends[1], "x", 1) == 1 ? 0 : 1;
              });
              char byte = 0;
              return ::read(ends[0], &byte, 1) == 1 && signals.requested() == SIGINT ? 0 : 2;
            }),
            0);
}

}  // namespace
}  // namespace actlab::test
