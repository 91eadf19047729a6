// to_yaml, which document.h declares.
#include "config/emit.h"

#include "config/config_support.h"
#include "config/document.h"

namespace actlab {
namespace {

using ::testing::HasSubstr;

TEST(Emit, SectionsAreBlocksAndWhatIsInThemIsFlow) {
  const std::string text =
      "seed: 1\n"
      "model:\n"
      "  type: net\n"
      "  hidden: [64, 64]\n"
      "  activation: {type: leaky_relu, negative_slope: 0.2}\n"
      "  layers: [{type: conv, channels: 32}, {type: flatten}]\n"
      "empty: {}\n"
      "none: []\n";
  EXPECT_EQ(to_yaml(test::tree(text)), text);
}

TEST(Emit, WhatIsTooLongForALineIsABlock) {
  const std::string item =
      "{type: conv, channels: 32, kernel_size: 3, padding: 1, activation: relu, label: abcdef}";
  const std::string text = "model:\n  layers:\n    - " + item + "\n    - " + item + "\n  lists:\n    - - " +
                           std::string(60, 'a') + "\n      - " + std::string(60, 'b') + "\n";
  EXPECT_EQ(to_yaml(test::tree(text)), text);
}

TEST(Emit, QuotesOnlyTextsThatCouldBeReadAsSomethingElse) {
  const std::vector<std::pair<Node, std::string>> table = {
      {write_value(std::string("relu")), "relu"},
      {write_value(std::string("/data/mnist")), "/data/mnist"},
      {write_value(std::string("cuda:0")), "cuda:0"},
      {write_value(std::string("5")), "\"5\""},
      {write_value(std::string("1e3")), "\"1e3\""},
      {write_value(std::string("true")), "\"true\""},
      {write_value(std::string("No")), "\"No\""},
      {write_value(std::string("null")), "\"null\""},
      {write_value(std::string("~")), "\"~\""},
      {write_value(std::string("")), "\"\""},
      {write_value(std::string("a: b")), "\"a: b\""},
      {write_value(std::string("a:")), "\"a:\""},
      {write_value(std::string("a\n\t\"\\\x01")), R"("a\n\t\"\\\x01")"},
      {write_value(std::string("\xC2\x85")), R"("\x85")"},
      {write_value(std::string("ü")), "\"ü\""},
      {write_value(int64_t{-5}), "-5"},
      {write_value(0.001), "0.001"},
      {write_value(true), "true"},
      {Node::scalar("null"), "\"null\""},
      {Node::scalar("-"), "\"-\""},
  };
  for (const auto& [node, text] : table) EXPECT_EQ(to_yaml(node), text + "\n");
}

TEST(Emit, BytesThatAreNotTextDoNotSpoilTheFile) {
  Problems problems;
  EXPECT_EQ(parse_yaml_value(to_yaml(write_value(std::string("a\xFF"
                                                             "b"))),
                             problems, "k")
                .text,
            "a\xEF\xBF\xBD"
            "b");
}

// Also that each text keeps being a text.
void expect_same(const Node& a, const Node& b, const std::string& written) {
  ASSERT_EQ(a, b) << written;
  if (a.is_scalar() && a.quoted && !b.quoted) {
    double number = 0;
    bool truth = false;
    Problems problems;
    read_value(b, number, ReadContext{"k", problems});
    read_value(b, truth, ReadContext{"k", problems});
    ASSERT_EQ(problems.size(), 2u) << written;
  }
  for (size_t i = 0; i < a.items.size(); ++i) expect_same(a.items[i], b.items[i], written);
  for (const auto& entry : a.entries) expect_same(entry.value, *b.find(entry.key), written);
}

TEST(Emit, RandomTreesComeBackEqual) {
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) {
    Node root = Node::map();
    for (const char* key : {"a", "b"}) root[key] = test::random_node(random, 4);
    const std::string written = to_yaml(root);
    Problems problems;
    const Node back = parse_yaml(written, "w.yaml", problems);
    ASSERT_TRUE(problems.empty()) << written << problems.text();
    expect_same(root, back, written);
    ASSERT_EQ(to_yaml(back), written);
  }
}

}  // namespace
}  // namespace actlab
