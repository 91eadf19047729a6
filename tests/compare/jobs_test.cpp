#include "compare/jobs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "core/stopwatch.h"
#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Job shell(const std::string& script, std::vector<std::string> environment = {}) {
  return {{"/bin/sh", "-c", script}, std::move(environment)};
}

// The results in the order of the jobs, and the signal that ended them.
struct Ended {
  std::vector<JobResult> results;
  int signal = 0;
  size_t most_at_once = 0;
};

Ended run(const std::vector<Job>& jobs, size_t slots) {
  const StopSignals signals;
  Ended ended;
  ended.results.resize(jobs.size());
  for (auto& result : ended.results) result.status = -1;
  ended.signal = run_jobs(
      jobs, slots, signals,
      {.ended = [&](const JobResult& result) { ended.results.at(result.job) = result; },
       .waiting = [&](size_t running) { ended.most_at_once = std::max(ended.most_at_once, running); }});
  return ended;
}

bool runs(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

// Waits until the file holds a line; its number.
pid_t number_in(const std::filesystem::path& file) {
  for (int i = 0; i < 1000 && text_of(file).find('\n') == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return std::stoi("0" + text_of(file));
}

TEST(Jobs, CollectWhatEachJobPrintsAndItsStatus) {
  const Ended ended =
      run({shell("echo one; echo trouble >&2; exit 3"), shell("echo two"), shell("kill -9 $$")}, 2);
  EXPECT_EQ(ended.signal, 0);
  EXPECT_EQ(ended.results[0].out, "one\n");
  EXPECT_EQ(ended.results[0].err, "trouble\n");
  EXPECT_EQ(ended.results[0].status, 3);
  EXPECT_EQ(ended.results[1].out, "two\n");
  EXPECT_EQ(ended.results[1].status, 0);
  EXPECT_EQ(ended.results[2].status, 128 + SIGKILL);
  EXPECT_FALSE(ended.results[0].stopped);
}

TEST(Jobs, NothingToRunEndsAtOnce) {
  EXPECT_EQ(run({}, 4).signal, 0);
}

TEST(Jobs, AProgramThatIsNotThereIsAStatus) {
  const Ended ended = run({Job{{"/no/such/program"}, {}}}, 1);
  EXPECT_EQ(ended.results[0].status, 127);
  EXPECT_THAT(ended.results[0].err, HasSubstr("/no/such/program is not installed"));
}

// Each job waits for the other's mark: with fewer than two at once they would never end.
TEST(Jobs, FillTheSlotsAndNoMore) {
  const TemporaryFolder folder;
  const auto meet = [&](const std::string& mine, const std::string& other) {
    return shell("cd " + folder.path().string() + "; touch " + mine + "; while [ ! -e " + other +
                 " ]; do sleep 0.01; done");
  };
  const Ended ended = run({meet("a", "b"), meet("b", "a"), meet("c", "d"), meet("d", "c")}, 2);
  for (const auto& result : ended.results) EXPECT_EQ(result.status, 0);
  EXPECT_LE(ended.most_at_once, 2U);
}

TEST(Jobs, OneSlotKeepsTheOrder) {
  const TemporaryFolder folder;
  const std::string log = (folder / "log").string();
  std::vector<Job> jobs;
  for (int i = 0; i < 4; ++i) jobs.push_back(shell("echo " + std::to_string(i) + " >> " + log));
  run(jobs, 1);
  EXPECT_EQ(text_of(log), "0\n1\n2\n3\n");
}

TEST(Jobs, EnvironmentIsAddedAndReplaces) {
  ::setenv("ACTLAB_TEST_KEPT", "kept", 1);
  ::setenv("ACTLAB_TEST_OLD", "old", 1);
  const Ended ended = run({shell("echo $ACTLAB_TEST_KEPT $ACTLAB_TEST_OLD", {"ACTLAB_TEST_OLD=new"})}, 1);
  EXPECT_EQ(ended.results[0].out, "kept new\n");
}

TEST(Jobs, NothingIsOnStdin) {
  EXPECT_EQ(run({shell("cat; echo end")}, 1).results[0].out, "end\n");
}

TEST(Jobs, MuchOutputIsReadToTheEndAndKeptInPart) {
  const Ended ended =
      run({shell("head -c 3000000 /dev/zero | tr '\\0' x; head -c 100000 /dev/zero >&2; echo last >&2")}, 1);
  EXPECT_EQ(ended.results[0].status, 0);
  EXPECT_THAT(ended.results[0].out, SizeIs(1 << 20));
  EXPECT_THAT(ended.results[0].err, SizeIs(4096));
  EXPECT_TRUE(ended.results[0].err.ends_with("last\n"));
}

TEST(Jobs, WhatAJobLeavesBehindIsNotWaitedFor) {
  const Stopwatch watch;
  const Ended ended = run({shell("sleep 20 & echo done")}, 1);
  EXPECT_EQ(ended.results[0].out, "done\n");
  EXPECT_LT(watch.seconds(), 10);
}

TEST(Jobs, ASignalIsHandedOnAndWaitedFor) {
  const TemporaryFolder folder;
  const std::string saved = (folder / "saved").string();
  const auto job = [&](const std::string& ready) {
    return shell("trap 'sleep 0.2; echo > " + saved + "; exit 130' INT; echo > " + (folder / ready).string() +
                 "; while true; do sleep 0.01; done");
  };
  // In a child: a signal that came is remembered until the process ends.
  const int status = run_in_child([&] {
    std::thread sender([&] {
      while (!std::filesystem::exists(folder / "ready1") || !std::filesystem::exists(folder / "ready2"))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ::kill(::getpid(), SIGINT);
    });
    const Ended ended = run({job("ready1"), job("ready2"), shell("echo never")}, 2);
    sender.join();
    EXPECT_EQ(ended.signal, SIGINT);
    EXPECT_EQ(ended.results[0].status, 130);
    EXPECT_TRUE(ended.results[0].stopped);
    EXPECT_EQ(ended.results[1].status, 130);
    EXPECT_EQ(ended.results[2].status, -1);  // not started
    return testing::Test::HasFailure() ? 1 : 0;
  });
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(std::filesystem::exists(saved));
}

TEST(Jobs, AnExceptionStopsTheOthers) {
  const TemporaryFolder folder;
  const std::string pid = (folder / "pid").string();
  const StopSignals signals;
  const auto fail = [&](const JobResult&) { throw Error(ExitStatus::kData, "no more"); };
  // The second fails once the first, which hangs, is there.
  EXPECT_EQ(error_of(
                [&] {
                  run_jobs({shell("echo $$ > " + pid + "; exec sleep 100"),
                            shell("while [ ! -s " + pid + " ]; do sleep 0.01; done; exit 1")},
                           2, signals, {.ended = fail});
                },
                ExitStatus::kData),
            "no more");
  EXPECT_FALSE(runs(number_in(pid)));
}

TEST(Jobs, DieWithTheProcessThatStartedThem) {
  const TemporaryFolder folder;
  const std::string file = (folder / "pid").string();
  const pid_t parent = start_child([&] {
    run({shell("trap '' INT TERM HUP; echo $$ > " + file + "; while true; do sleep 0.1; done")}, 1);
    return 0;
  });
  const pid_t job = number_in(file);
  ASSERT_TRUE(runs(job));
  ::kill(parent, SIGKILL);
  wait_for(parent);
  // Nobody here can wait for it, and an init that does not reap leaves it a zombie.
  const auto gone = [&] {
    const std::string stat = text_of("/proc/" + std::to_string(job) + "/stat");
    return stat.empty() || stat.find(") Z ") != std::string::npos;
  };
  for (int i = 0; i < 500 && !gone(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(gone());
}

}  // namespace
}  // namespace actlab::test
