#include "cli/command_line.h"

#include <gmock/gmock.h>

#include <set>
#include <sstream>

#include "cli/command.h"
#include "cli/run_here.h"
#include "core/text.h"

namespace actlab::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Words = std::vector<std::string>;

// Every command, and every action of those that have some, by the words that call it.
std::vector<std::pair<Words, const Command*>> all_calls() {
  std::vector<std::pair<Words, const Command*>> calls;
  for (const auto& command : commands()) {
    calls.push_back({{command.name}, &command});
    for (const auto& action : command.actions) calls.push_back({{command.name, action.name}, &action});
  }
  return calls;
}

TEST(CommandLine, EveryCommandIsRunOrHasActionsThatAre) {
  std::set<Words> seen;
  for (const auto& [words, command] : all_calls()) {
    const std::string name = join(words, " ");
    EXPECT_TRUE(seen.insert(words).second) << name;
    EXPECT_NE(command->run == nullptr, command->actions.empty()) << name;
    EXPECT_TRUE(words.size() == 1 || command->actions.empty()) << name;
    EXPECT_NE(command->summary, "") << name;
    EXPECT_LE(command->min_arguments, command->max_arguments) << name;
    EXPECT_TRUE(command->min_arguments == 0 || !command->arguments.empty()) << name;
    EXPECT_TRUE(command->run != nullptr || command->flags.empty()) << name;
  }
}

// Where flags come before the action, it is told by which of them have a value.
TEST(CommandLine, AFlagHasAValueInAllActionsOfACommandOrInNone) {
  for (const auto& command : commands()) {
    std::map<std::string, bool> has_value;
    for (const auto& action : command.actions) {
      for (const auto& flag : action.flags) {
        const auto [known, added] = has_value.emplace(flag.name, !flag.value.empty());
        EXPECT_TRUE(added || known->second == !flag.value.empty()) << command.name << " --" << flag.name;
      }
    }
  }
}

TEST(CommandLine, EveryHelpNamesItsFlagsAndFitsIntoATerminal) {
  constexpr size_t kColumns = 100;
  for (const auto& [words, command] : all_calls()) {
    const std::string name = join(words, " ");
    for (const char* flag : {"--help", "-h"}) {
      Words line = words;
      line.emplace_back(flag);
      const Outcome help = run_here(line);
      EXPECT_EQ(help.status, 0) << name;
      EXPECT_EQ(help.err, "");
      EXPECT_THAT(help.out, StartsWith(command->summary));
      EXPECT_THAT(help.out, HasSubstr("Usage:\n  actlab " + name));
      EXPECT_THAT(help.out, EndsWith("\n"));
      for (const auto& own : command->flags) EXPECT_THAT(help.out, HasSubstr("--" + own.name)) << name;
      for (const auto& action : command->actions) EXPECT_THAT(help.out, HasSubstr("\n  " + action.name));
      if (command->actions.empty()) {
        EXPECT_THAT(help.out, HasSubstr("--json")) << name;
      }
      std::istringstream lines(help.out);
      for (std::string text; std::getline(lines, text);) EXPECT_LE(length_of(text), kColumns) << text;
    }
  }
}

TEST(CommandLine, HelpOfAnActionIsItsOwn) {
  const std::string fetch = run_here({"data", "fetch", "--help"}).out;
  EXPECT_THAT(fetch, HasSubstr("actlab data fetch NAME [flags]"));
  EXPECT_THAT(fetch, HasSubstr("--to DIR"));
  EXPECT_THAT(fetch, testing::Not(HasSubstr("--root")));
  EXPECT_EQ(run_here({"data", "--help", "fetch"}).out, fetch);
  const std::string data = run_here({"data", "--help"}).out;
  EXPECT_THAT(data, HasSubstr("actlab data fetch|info|verify"));
  EXPECT_THAT(data, HasSubstr("  fetch NAME [--to DIR]\n      bring"));
}

TEST(CommandLine, TheOverviewNamesEveryCommand) {
  EXPECT_THAT(run_here({"--version"}).out, StartsWith("actlab 0."));
  const Outcome help = run_here({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const auto& command : commands())
    EXPECT_THAT(help.out, HasSubstr("\n  " + command.name + " ")) << command.name;
  std::istringstream lines(help.out);
  for (std::string text; std::getline(lines, text);) EXPECT_LE(length_of(text), 100U) << text;
}

struct UsageError {
  Words line;
  std::string message;
};

void expect_usage_errors(const std::vector<UsageError>& mistakes) {
  for (const auto& [line, message] : mistakes) {
    const Outcome outcome = run_here(line);
    EXPECT_EQ(outcome.status, 2) << join(line, " ");
    EXPECT_THAT(outcome.err, HasSubstr(message)) << join(line, " ");
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(CommandLine, TyposAreAnsweredWithTheNearestName) {
  const TemporaryFolder folder;
  const std::string config = small_config(folder);
  expect_usage_errors({{{"trian"}, "did you mean 'train'"},
                       {{"train", config, "--resum", "last"}, "did you mean '--resume'"},
                       {{"train", config, "model.activation=rleu"}, "did you mean 'relu'"},
                       {{"train", config, "optimzer.lr=1"}, "did you mean 'optimizer'"},
                       {{"config", "chek", config}, "did you mean 'check'"},
                       {{"lesson", "rnu", "all"}, "unknown action 'lesson rnu': did you mean 'run'?"},
                       {{"data", "info", "mnits"}, "did you mean 'mnist'"},
                       {{"data", "info", "mnist", "--rot=x"}, "did you mean '--root'"},
                       {{"evaluate", config, "--split", "tset"}, "did you mean 'test'"}});
}

TEST(CommandLine, MissingArgumentsAreAskedFor) {
  expect_usage_errors(
      {{{}, "no command given"},
       {{"train"}, "expected: CONFIG"},
       {{"evaluate"}, "expected: CHECKPOINT"},
       {{"predict", "x"}, "expected: CHECKPOINT FILE..."},
       {{"train", "a.yaml", "--resume"}, "resume"},
       {{"data"}, "which action? There are: fetch, info, verify; see actlab data --help"},
       {{"data", "fetch"}, "data fetch: which data set? There are: mnist"},
       {{"config", "check"}, "config check: which file? As in: actlab config check "},
       {{"lesson", "run"}, "lesson run: which? As in: actlab lesson run all"},
       {{"activations", "plot"}, "activations plot: which? As in: actlab activations plot "}});
}

TEST(CommandLine, WhatIsTooMuchIsNamed) {
  expect_usage_errors(
      {{{"train", "a.yaml", "b.yaml"}, "unexpected argument 'b.yaml': train takes at most 1"},
       {{"info", "x"}, "unexpected argument 'x': info takes none"},
       {{"info", "--json", "--json"}, "--json is given more than once"},
       {{"data", "info", "mnist", "y"}, "unexpected argument 'y'"},
       {{"lesson", "list", "seed=1"}, "unexpected argument 'seed=1': lesson list takes none"}});
}

TEST(CommandLine, AFlagOfAnotherActionIsToldWhoseItIs) {
  expect_usage_errors({{{"data", "verify", "mnist", "--to", "x"},
                        "--to belongs to data fetch, not to data verify; see actlab data verify --help"},
                       {{"data", "fetch", "mnist", "--root=x"},
                        "--root belongs to data info and data verify, not to data fetch"},
                       {{"data", "--to", "x"}, "--to belongs to data fetch, not to data;"},
                       {{"activations", "show", "relu", "--ascii"}, "--ascii belongs to activations plot"},
                       {{"lesson", "list", "--out", "x"}, "--out belongs to lesson run"}});
}

TEST(CommandLine, FlagsMayStandBeforeTheAction) {
  const TemporaryFolder folder;
  const Outcome info = run_here({"data", "--json", "--root", folder.path(), "info", "mnist"});
  EXPECT_EQ(info.status, 0) << info.err;
  EXPECT_EQ(info.json()["root"], folder.path().string());
  EXPECT_EQ(run_here({"config", "--json", "check", small_config(folder)}).json()["ok"], true);
}

// What main adds: the status of the process, `error: ` before each line, results and messages apart.
TEST(Program, StatusAndStreamsAreThoseOfTheCommandLine) {
  const TemporaryFolder folder;
  const Outcome typo = run_actlab(folder, {"trian"});
  EXPECT_EQ(typo.status, 2);
  EXPECT_EQ(typo.out, "");
  EXPECT_THAT(typo.err, StartsWith("error: unknown command 'trian'"));
  const Outcome two = run_actlab(folder, {"train", small_config(folder), "optimzer.lr=1", "sed=1"});
  EXPECT_EQ(two.status, 2);
  EXPECT_THAT(two.err, testing::MatchesRegex("error: [^\n]*optimzer[^\n]*\nerror: [^\n]*sed[^\n]*\n"));
  const Outcome checked = run_actlab(folder, {"config", "check", folder / "small.yaml", "sed=1"});
  EXPECT_EQ(checked.status, 2);
  EXPECT_EQ(checked.out, "");
  EXPECT_THAT(checked.err, EndsWith("1 mistake in " + (folder / "small.yaml").string() + "\n"));
  const Outcome version = run_actlab(folder, {"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_THAT(version.out, StartsWith("actlab 0."));
  EXPECT_EQ(version.err, "");
}

TEST(InfoCommand, SaysWhatRuns) {
  const auto info = run_here({"info", "--json"}).json();
  for (const char* key : {"version", "libtorch", "cpu_capability", "cuda", "threads"}) {
    EXPECT_TRUE(info.contains(key)) << key;
  }
}

}  // namespace
}  // namespace actlab::test
