#include "config/problems.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

TEST(Problems, AreSortedByFileLineAndColumnWithTheCommandLineLast) {
  Problems problems;
  problems.add({}, "k", "first");
  problems.add({"b.yaml", 9, 1}, "k", "m");
  problems.add({"a.yaml", 2, 7}, "k", "m");
  problems.add({"b.yaml", 3, 5}, "k", "m");
  problems.add({"b.yaml", 3, 2}, "k", "m");
  problems.add({}, "k", "second");
  EXPECT_EQ(problems.text(),
            "b.yaml:3:2: k: m\nb.yaml:3:5: k: m\nb.yaml:9:1: k: m\na.yaml:2:7: k: m\n"
            "command line: k: first\ncommand line: k: second");
}

TEST(Problems, ShowOnlyWhatThereIs) {
  EXPECT_EQ((Problem{{"a.yaml", 0, 0}, "", "missing", ""}.text()), "a.yaml: missing");
  EXPECT_EQ((Problem{{"a.yaml", 1, 2}, "k", "wrong", "right"}.text()),
            "a.yaml:1:2: k: wrong: did you mean 'right'?");
  EXPECT_EQ((Problem{{"a.yaml", 1, 2}, "k", "wrong", "right", "there are: right"}.text()),
            "a.yaml:1:2: k: wrong: did you mean 'right'? (there are: right)");
  // A file that cannot be read is named once.
  EXPECT_EQ((Problem{{"a.yaml", 0, 0}, "", "cannot open a.yaml: gone", ""}.text()),
            "cannot open a.yaml: gone");
}

TEST(Problems, AKeyOfAnotherTypeIsNotSuggestedToWhoWroteIt) {
  Problems problems;
  problems.add({"a.yaml", 1, 1}, "data.root", kUnknownKey, "", "known here: shape");
  problems.add({"a.yaml", 2, 1}, "train.lr", kUnknownKey);
  problems.suggest_keys({"data.root", "run.root", "optimizer.lr"});
  EXPECT_EQ(problems.text(),
            "a.yaml:1:1: data.root: unknown key for this type (known here: shape)\n"
            "a.yaml:2:1: train.lr: unknown key: did you mean 'optimizer.lr'?");
}

TEST(Problems, ThrowAllAtOnceWithTheStatusOfConfigs) {
  Problems problems;
  EXPECT_NO_THROW(problems.throw_if_any());
  problems.add({"a", 1, 1}, "x", "one");
  problems.add({"a", 2, 1}, "y", "two");
  try {
    problems.throw_if_any();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), ExitStatus::kUsage);
    EXPECT_STREQ(error.what(), "a:1:1: x: one\na:2:1: y: two");
  }
}

}  // namespace
}  // namespace actlab
