#include "config/document.h"

#include "config/config_support.h"

namespace actlab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string mistakes(const std::string& text) {
  Problems problems;
  parse_yaml(text, "c.yaml", problems);
  return problems.text();
}

TEST(Document, ReadsScalarsListsAndMapsWithTheirPlaces) {
  const Node root = test::tree("a: 1\nb:\n  c: [x, 'y']\n  \"d\": {e: f}\n");
  EXPECT_EQ(root.find("a")->text, "1");
  EXPECT_FALSE(root.find("a")->quoted);
  EXPECT_EQ(root.find("a")->where.text(), "tree.yaml:1:4");
  const Node& b = *root.find("b");
  EXPECT_EQ(b.entries[0].where.text(), "tree.yaml:3:3");
  EXPECT_EQ(b.find("c")->items[1].text, "y");
  EXPECT_TRUE(b.find("c")->items[1].quoted);
  EXPECT_EQ(b.find("d")->find("e")->where.text(), "tree.yaml:4:12");
  EXPECT_EQ(root.find("nothing"), nullptr);
}

TEST(Document, KnowsWhatIsQuoted) {
  const Node root = test::tree("a: 'x'\nb: \"x\"\nc: |\n  x\nd: >\n  x\ne: x\n");
  for (const char* key : {"a", "b", "c", "d"}) EXPECT_TRUE(root.find(key)->quoted) << key;
  EXPECT_FALSE(root.find("e")->quoted);
  EXPECT_EQ(root.find("c")->text, "x\n");
}

TEST(Document, TakesByteOrderMarksCarriageReturnsAndOneDocumentMarker) {
  EXPECT_EQ(test::tree("\xEF\xBB\xBF"
                       "a: 1\r\nb: 2\r\n"),
            test::tree("---\na: 1\nb: 2\n...\n"));
}

TEST(Document, ReadsJson) {
  EXPECT_EQ(test::tree(R"({"a": [1, 2.5, true], "b": {"c": "d"}})"),
            test::tree("a: [1, 2.5, true]\nb: {c: d}\n"));
}

struct BadText {
  const char* text;
  const char* place;
  const char* message;
};

const std::vector<BadText> kMistakes = {
    {"", "1:1", "empty"},
    {"# only a comment\n", "1:1", "empty"},
    {"---\n", "1:1", "empty"},
    {"~", "1:1", "empty"},
    {"just text", "1:1", "map"},
    {"- a\n- b\n", "1:1", "map"},
    {"a: 1\n---\nb: 2\n", "2:1", "second document"},
    {"a: 1\n---\n", "2:1", "second document"},
    {"{a: 1} b", "1:8", "after the end"},
    {"{a: 1}\n]", "2:1", "bracket"},
    {"a: 1\nb: 2\na: 3\n", "3:1", "a: the key is given twice"},
    {"s: {x: 1, x: 2}", "1:11", "s.x: the key is given twice"},
    {"lr:\n", "1:1", "lr: has no value"},
    {"s:\n  lr: ~\n  mu: 1\n", "2:3", "s.lr: has no value"},
    {"s: {lr: null}", "1:5", "s.lr: has no value"},
    {"s: {lr}", "1:5", "s.lr: has no value"},
    {"a: [1, ~]", "1:8", "a.1: an item of the list is empty"},
    {"a:\n- 1\n-\n", "4:1", "a.1: an item of the list is empty"},
    {"[a, b]: 1", "1:1", "a key must be a name"},
    {"? {a: 1}\n: 2\n", "1:3", "a key must be a name"},
    {"~: 1", "1:1", "a key must be a name"},
    {": 1", "1:1", "a key must be a name"},
    {"a: &x 1", "1:4", "anchors"},
    {"a: *x\n", "1:4", "aliases"},
    {"a: !!str 5", "1:4", "tags"},
    {"a: !foo 5", "1:4", "tags"},
    {"a: ! 5", "1:4", "tags"},
    {"a: !<!> 5", "1:4", "tags"},
    {"a: !<?> 5", "1:4", "tags"},
    {"a: !!map {b: 1}", "1:4", "tags"},
    {"a: !!seq [1]", "1:4", "tags"},
    {"!!map\na: 1\n", "1:1", "tags"},
    {"!x a: 1\n", "1:1", "tags"},
    {"%YAML 1.2\n---\na: 1\n", "1:1", "directives"},
    {"%TAG ! tag:x,2000:\n---\na: 1\n", "1:1", "directives"},
    {"a: b: c", "1:5", "second ': '"},
    {"a: [1, 2", "1:", "']'"},
    {"a: {b: 1", "1:", "'}'"},
    {"a: 'x", "1:6", "quote is not closed"},
    {"a: \"x", "1:6", "quote is not closed"},
    {"a: 'x' y", "1:8", "key: value"},
    {"a: 1\n b: 2\n", "2:3", "': '"},
    {"a: 1\n  - b\n  c: 1\n", "3:4", "': '"},
    {"a: - b", "1:4", "- item"},
    {"a: @b", "1:4", "cannot begin"},
    {"a: `b", "1:4", "cannot begin"},
    {"a: ]", "1:4", "bracket"},
    {"a: \"\\q\"", "1:7", "escape"},
    {"a: \"\\ud800\"", "1:", "unicode"},
    {"a: \"x\\0y\"", "1:4", "NUL"},
    {"\xFF\xFE"
     "a\0:\0",
     "1:1", "UTF-16"},
    {"\xFE\xFF", "1:1", "UTF-16"},
    {"a: 1\nb: \xC3\x28\n", "2:4", "UTF-8"},
    {"a: \xED\xA0\x80", "1:4", "UTF-8"},
    {"a: \xC0\x80", "1:4", "UTF-8"},
    {"a: \xF5\x80\x80\x80", "1:4", "UTF-8"},
    {"a: x\x04", "1:5", "control character"},
    {"a: \x7F", "1:4", "control character"},
    {"a: \xC2\x85", "1:4", "control character"},
    {"a: 1\rb: 2", "1:5", "carriage return"},
};

TEST(Document, RefusesWithPlaceAndReason) {
  for (const auto& [text, place, message] : kMistakes) {
    const std::string found = mistakes(text);
    EXPECT_THAT(found, StartsWith(std::string("c.yaml:") + place)) << text;
    EXPECT_THAT(found, HasSubstr(message)) << text;
    EXPECT_EQ(std::ranges::count(found, '\n'), 0) << "one mistake, one line: " << text << '\n' << found;
  }
}

TEST(Document, RefusesNulBytes) {
  EXPECT_THAT(mistakes(std::string("a: 1\0 b\n", 8)), HasSubstr("c.yaml:1:5: a control character"));
  EXPECT_THAT(mistakes(std::string("\0a: 1\n", 6)), HasSubstr("UTF-16"));
}

TEST(Document, ReportsAllMistakesAndKeepsTheRest) {
  Problems problems;
  const Node root = parse_yaml("a: &x 1\nb: *x\nc:\nd: !!str 5\nd: 6\n[e]: 7\nf: 8\n", "c.yaml", problems);
  std::vector<int> lines;
  for (const auto& problem : problems.sorted()) lines.push_back(problem.where.line);
  EXPECT_THAT(lines, ::testing::ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(root.find("d")->text, "5");
  EXPECT_EQ(root.find("f")->text, "8");
  EXPECT_TRUE(root.find("c")->is_null());
}

TEST(Document, StopsAfterAHundredMistakes) {
  Problems problems;
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "a: 1\n";
  parse_yaml(text, "c.yaml", problems);
  EXPECT_EQ(problems.size(), kMaxConfigMistakes + 1);
  EXPECT_THAT(problems.text(), HasSubstr("too many mistakes"));
}

std::string nested_lists(int levels) {
  return "a: " + std::string(static_cast<size_t>(levels), '[') + "1" +
         std::string(static_cast<size_t>(levels), ']');
}

std::string items(int count) {
  std::string text = "a: [1";
  for (int i = 1; i < count; ++i) text += ",1";
  return text + "]";
}

TEST(Document, LimitsAreExact) {
  EXPECT_EQ(mistakes(nested_lists(kMaxConfigDepth - 1)), "");
  EXPECT_THAT(mistakes(nested_lists(kMaxConfigDepth)), HasSubstr("deeper than 64"));
  EXPECT_EQ(mistakes(items(kMaxConfigNodes - 3)), "");  // beside the root, its key and the list
  EXPECT_THAT(mistakes(items(kMaxConfigNodes - 2)), HasSubstr("more than 10000"));
  EXPECT_EQ(mistakes(std::string(kMaxConfigKeyBytes, 'k') + ": 1"), "");
  EXPECT_THAT(mistakes(std::string(kMaxConfigKeyBytes + 1, 'k') + ": 1"), HasSubstr("more than 100 bytes"));
  std::string large = "a: 1\n";
  while (large.size() < kMaxConfigBytes - 2000)
    large += "k" + std::to_string(large.size()) + ": " + std::string(1000, 'x') + "\n";
  large.resize(kMaxConfigBytes, '\n');
  EXPECT_EQ(mistakes(large), "");
  EXPECT_THAT(mistakes(large + "\n"), HasSubstr("1 MiB"));
}

TEST(Document, ValuesOfTheCommandLineAreYaml) {
  Problems problems;
  EXPECT_EQ(parse_yaml_value("relu", problems, "k"), Node::scalar("relu"));
  EXPECT_EQ(parse_yaml_value("[64, 64]", problems, "k").items.size(), 2u);
  EXPECT_EQ(parse_yaml_value("{type: elu, alpha: 0.5}", problems, "k").find("alpha")->text, "0.5");
  EXPECT_EQ(parse_yaml_value("''", problems, "k"), Node::scalar(""));
  EXPECT_TRUE(problems.empty());
  EXPECT_TRUE(parse_yaml_value("", problems, "model.activation").is_null());
  EXPECT_EQ(problems.text().find("command line: model.activation: "), 0u);
}

TEST(Document, WhatIsTypedOnTheCommandLineArrivesWhole) {
  for (const char* text : {"out #7", "#7", "a # b # c", " out", "out ", "out #", "/data/m #2", "it's #7",
                           "a 'b #7", "a\nb", "--- a", "~/runs", "a#b", "a,", "[a"}) {
    Problems problems;
    const Node node = parse_yaml_value(text, problems, "run.root");
    if (std::string(text) == "[a") {
      EXPECT_FALSE(problems.empty());
      continue;
    }
    EXPECT_EQ(problems.text(), "") << text;
    EXPECT_EQ(node, Node::scalar(text)) << text;
  }
}

TEST(Document, WhatWouldBeDroppedOnTheCommandLineIsRefused) {
  for (const char* text : {"[64, 64] #7", "'out' #7", "\"out\" #7", "'out' #7'", "{type: elu} # x", "[a #b]",
                           "a: b #c", "[64,]", "[64, ]", "{a: 1,}", "[,64]", "[64,,32]", "~"}) {
    Problems problems;
    EXPECT_TRUE(parse_yaml_value(text, problems, "k").is_null() || !problems.empty()) << text;
    EXPECT_FALSE(problems.empty()) << text;
  }
  for (const char* text :
       {"'out #7'", "\"out #7\"", "['a #b', c]", "{a: 'x #y', b: \"#z\"}", "[a#b]", "'a, ]'"}) {
    Problems problems;
    EXPECT_FALSE(parse_yaml_value(text, problems, "k").is_null()) << text;
    EXPECT_EQ(problems.text(), "") << text;
  }
}

TEST(Document, MistakesOfTheCommandLineSayWhere) {
  Problems problems;
  parse_yaml_value("[1, 2", problems, "model.hidden");
  EXPECT_THAT(problems.text(), StartsWith("command line: model.hidden: "));
  EXPECT_THAT(problems.text(), HasSubstr("character"));
  Problems nested;
  parse_yaml_value("{a: 1, a: 2}", nested, "model.x");
  EXPECT_THAT(nested.text(), StartsWith("command line: model.x.a: "));
}

}  // namespace
}  // namespace actlab
