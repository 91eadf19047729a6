#include "rundir/starts.h"

#include <gtest/gtest.h>

namespace actlab::test {
namespace {

using nlohmann::ordered_json;

ordered_json record(const std::string& started) {
  return {{"name", "a"}, {"command", "actlab at " + started}, {"started", started}, {"device", "cpu"}};
}

TEST(Starts, TheFirstOneIsNeverLost) {
  ordered_json run = with_start(nullptr, record("1"), 0);
  EXPECT_EQ(run["starts"].size(), 1U);
  EXPECT_TRUE(run["starts"][0]["seconds"].is_null());
  run["starts"][0]["seconds"] = 2.5;
  run = with_start(run, record("2"), 10);
  run = with_start(run, record("3"), 20);
  EXPECT_EQ(run["command"], "actlab at 1");
  EXPECT_EQ(run["started"], "1");
  ASSERT_EQ(run["starts"].size(), 3U);
  EXPECT_EQ(run["starts"][0]["seconds"], 2.5);
  EXPECT_EQ(run["starts"][2]["command"], "actlab at 3");
  EXPECT_EQ(run["starts"][2]["from_step"], 20);
}

TEST(Starts, ARunOfBeforeThereWasAListHasOne) {
  const ordered_json run = with_start(record("1"), record("2"), 10);
  EXPECT_EQ(run["command"], "actlab at 1");
  EXPECT_EQ(run["starts"].size(), 2U);
}

TEST(Starts, WhatHasAnotherTypeDoesNotCount) {
  for (const char* before :
       {"[]", "{}", R"({"starts": 5})", R"({"starts": [5, {"started": 1, "command": "a"}]})",
        R"({"started": ["x"], "command": "a"})"}) {
    const ordered_json run = with_start(ordered_json::parse(before), record("2"), 10);
    EXPECT_EQ(run["starts"].size(), 1U) << before;
    EXPECT_EQ(run["started"], "2") << before;
  }
  const ordered_json odd = ordered_json::parse(
      R"({"starts": [{"started": "1", "command": "a", "from_step": "x", "seconds": [1], "more": {"a": 1}}]})");
  const ordered_json run = with_start(odd, record("2"), 10);
  EXPECT_EQ(run["starts"][0].dump(), R"({"started":"1","command":"a","from_step":null,"seconds":null})");
}

}  // namespace
}  // namespace actlab::test
