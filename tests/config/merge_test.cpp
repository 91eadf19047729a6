#include "config/merge.h"

#include "config/config_support.h"
#include "config/emit.h"
#include "core/stopwatch.h"

namespace actlab {
namespace {

using ::testing::HasSubstr;

struct Merging {
  const char* base;
  const char* newer;
  const char* result;
};

TEST(Merge, FollowsTheRulesOfSections) {
  const std::vector<Merging> table = {
      {"a: 1", "b: 2", "{a: 1, b: 2}"},
      {"a: 1", "a: 2", "{a: 2}"},
      // Sections merge key by key.
      {"train: {epochs: 1, batch_size: 5}", "train: {epochs: 2}", "train: {epochs: 2, batch_size: 5}"},
      {"o: {type: adam, lr: 1}", "o: {lr: 2}", "o: {type: adam, lr: 2}"},
      // A type, also the same, or a bare name replaces.
      {"o: {type: adam, lr: 1}", "o: {type: sgd}", "o: {type: sgd}"},
      {"o: {type: adam, lr: 1}", "o: {type: adam}", "o: {type: adam}"},
      {"o: {type: adam, lr: 1}", "o: adam", "o: adam"},
      {"o: adam", "o: {type: sgd}", "o: {type: sgd}"},
      {"o: adam", "o: {lr: 2}", "o: {type: adam, lr: 2}"},
      // Values inside a section are replaced whole.
      {"d: {labels: {keep: [1, 2]}}", "d: {labels: {positive: [3]}}", "d: {labels: {positive: [3]}}"},
      {"m: {hidden: [1, 2]}", "m: {hidden: [3]}", "m: {hidden: [3]}"},
      {"m: {act: {type: elu, alpha: 1}}", "m: {act: {alpha: 2}}", "m: {act: {alpha: 2}}"},
      {"m: {act: elu}", "m: {act: {type: celu}}", "m: {act: {type: celu}}"},
      {"l: [1, 2]", "l: [3]", "l: [3]"},
      {"l: [1, 2]", "l: {a: 1}", "l: {a: 1}"},
  };
  for (const auto& [base, newer, result] : table) {
    Node node = test::tree(base);
    merge(node, test::tree(newer));
    EXPECT_EQ(node, test::tree(result)) << base << " + " << newer << " is " << to_yaml(node);
  }
}

TEST(Merge, OverridesReachEveryKey) {
  const std::vector<Merging> table = {
      {"seed: 1", "seed=2", "seed: 2"},
      {"{}", "train.epochs=2", "train: {epochs: 2}"},
      {"m: {hidden: 5}", "m.hidden=[64, 64]", "m: {hidden: [64, 64]}"},
      {"m: {act: elu}", "m.act={type: celu, alpha: 0.5}", "m: {act: {type: celu, alpha: 0.5}}"},
      {"m: {act: elu}", "m.act.alpha=2", "m: {act: {type: elu, alpha: 2}}"},
      {"m: {act: {type: elu, alpha: 1}}", "m.act.alpha=2", "m: {act: {type: elu, alpha: 2}}"},
      {"m: {act: {type: elu, alpha: 1}}", "m.act={alpha: 2}", "m: {act: {alpha: 2}}"},
      {"o: adam", "o.lr=1", "o: {type: adam, lr: 1}"},
      {"o: {type: adam, lr: 1}", "o={lr: 2}", "o: {type: adam, lr: 2}"},
      {"o: {type: adam, lr: 1}", "o=sgd", "o: sgd"},
      {"o: {type: adam, lr: 1}", "o={type: adam}", "o: {type: adam}"},
      {"c: {every: {epochs: 1, x: 2}}", "c.every={steps: 5}", "c: {every: {steps: 5}}"},
      {"m: {layers: [{type: a}, b]}", "m.layers.0.size=3", "m: {layers: [{type: a, size: 3}, b]}"},
      {"m: {layers: [{type: a}, b]}", "m.layers.1.size=3", "m: {layers: [{type: a}, {type: b, size: 3}]}"},
      {"m: {l: [1, 2]}", "m.l.1=7", "m: {l: [1, 7]}"},
      {"a: 1", "b.c=x=y", "{a: 1, b: {c: x=y}}"},
      {"a: 1", "b=''", "{a: 1, b: ''}"},
  };
  for (const auto& [base, assignment, result] : table) {
    Problems problems;
    Node node = test::tree(base);
    apply_override(node, assignment, problems);
    EXPECT_EQ(problems.text(), "") << assignment;
    EXPECT_EQ(node, test::tree(result)) << base << " + " << assignment << " is " << to_yaml(node);
  }
}

TEST(Merge, MalformedOverridesAreReportedAndChangeNothing) {
  for (const std::string assignment :
       {"=3",     "",       "=",      "seed",      "a..b=1",    "a.=1",           ".a=1",
        ".=1",    "a b=1",  "a[0]=1", "ä=1",       "a=",        "a=[1",           "a={x: 1",
        "a=~",    "a=&x 1", "a=*x",   "a=!!str 1", "a=b: c: d", "a={x: 1, x: 2}", "a='x",
        "a=\x01", "a=\xFF", "l.5=1",  "l.x=1",     "l.-1=1",    "extends=b.yaml"}) {
    Problems problems;
    Node node = test::tree("l: [1, 2]");
    apply_override(node, assignment, problems);
    EXPECT_FALSE(problems.empty()) << assignment;
    EXPECT_THAT(problems.text(), ::testing::StartsWith("command line: ")) << assignment;
    EXPECT_EQ(node, test::tree("l: [1, 2]")) << assignment;
  }
  std::string deep = "a";
  for (int i = 0; i < 1000; ++i) deep += ".a";
  Problems problems;
  Node node = Node::map();
  apply_override(node, deep + "=1", problems);
  EXPECT_FALSE(problems.empty());
}

TEST(Merge, TimeGrowsWithTheKeysAndNotWithTheirSquare) {
  constexpr size_t kKeys = 200000;  // their square takes minutes
  Node base = Node::map();
  for (size_t i = 0; i < kKeys; ++i)
    base.entries.push_back({"key" + std::to_string(i), Node::scalar("1"), {}});
  const Node newer = base;
  const Stopwatch watch;
  merge(base, newer);
  EXPECT_LT(watch.seconds(), 20);
  EXPECT_EQ(base.entries.size(), kKeys);
}

}  // namespace
}  // namespace actlab
