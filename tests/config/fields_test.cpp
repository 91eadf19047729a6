#include "config/fields.h"

#include "config/config_support.h"

namespace actlab {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The problems of reading `text` into `out`.
template <class T, class... Rule>
std::string reading(const std::string& text, T& out, const Rule&... rule) {
  Problems problems;
  const Node root = test::tree("k: " + text);
  read_value(*root.find("k"), out, ReadContext{"k", problems}, rule...);
  return problems.text();
}

TEST(Fields, ReadEachTypeInItsOwnNotation) {
  bool flag = false;
  EXPECT_EQ(reading("true", flag), "");
  EXPECT_TRUE(flag);
  int64_t count = 0;
  EXPECT_EQ(reading("-12", count), "");
  EXPECT_EQ(count, -12);
  double number = 0;
  EXPECT_EQ(reading("1e-3", number), "");
  EXPECT_EQ(number, 0.001);
  std::string text;
  EXPECT_EQ(reading("'5'", text), "");
  EXPECT_EQ(text, "5");
  EXPECT_EQ(reading("5", text), "");
  EXPECT_EQ(text, "5");
}

TEST(Fields, SayWhatWasExpectedAndLeaveTheFieldAlone) {
  bool flag = true;
  for (const char* text : {"yes", "True", "1", "'true'", "[true]", "{a: 1}"}) {
    EXPECT_THAT(reading(text, flag), HasSubstr("true or false")) << text;
    EXPECT_TRUE(flag);
  }
  int64_t count = 7;
  for (const char* text : {"1e3", "1.0", "'5'", "0x10", "x", "[1]", "{a: 1}", "1_000", "''"}) {
    EXPECT_THAT(reading(text, count, between(1, 10)), AllOf(HasSubstr("whole number"), HasSubstr("[1, 10]")))
        << text;
    EXPECT_EQ(count, 7);
  }
  double number = 0.5;
  for (const char* text : {"x", "'0.5'", ".inf", "nan", "[1]", "0x1"}) {
    EXPECT_THAT(reading(text, number, above_zero()), AllOf(HasSubstr("number"), HasSubstr("above 0")))
        << text;
    EXPECT_EQ(number, 0.5);
  }
  std::string text = "old";
  EXPECT_THAT(reading("[a]", text), HasSubstr("not a list"));
  EXPECT_EQ(text, "old");
}

TEST(Fields, RefuseNumbersOutOfRange) {
  int64_t count = 7;
  EXPECT_THAT(reading("0", count, between(1, 10)), AllOf(HasSubstr("[1, 10]"), HasSubstr("'0'")));
  EXPECT_THAT(reading("99999999999999999999", count, between(1, 10)), HasSubstr("[1, 10]"));
  EXPECT_THAT(reading("99999999999999999999", count), HasSubstr("64 bits"));
  double number = 0.5;
  EXPECT_THAT(reading("0", number, above_zero()), HasSubstr("above 0"));
  EXPECT_THAT(reading("1e999", number), HasSubstr("double"));
  EXPECT_EQ(count, 7);
  EXPECT_EQ(number, 0.5);
}

TEST(Fields, ChoicesNameThemselvesAndTheNearest) {
  std::string output = "sigmoid";
  const Choice choice{{"sigmoid", "logits"}};
  EXPECT_EQ(reading("logits", output, choice), "");
  EXPECT_EQ(output, "logits");
  EXPECT_THAT(reading("logit", output, choice),
              AllOf(HasSubstr("sigmoid, logits"), HasSubstr("did you mean 'logits'")));
  EXPECT_THAT(reading("[logits]", output, choice), HasSubstr("one of"));
}

TEST(Fields, AutoIsAWordOrANumber) {
  Auto<int64_t> threads;
  EXPECT_EQ(reading("4", threads, between(1, 8)), "");
  EXPECT_EQ(threads.value, 4);
  EXPECT_THAT(reading("9", threads, between(1, 8)), AllOf(HasSubstr("[1, 8]"), HasSubstr("or auto")));
  EXPECT_THAT(reading("atuo", threads, between(1, 8)), HasSubstr("did you mean 'auto'"));
  EXPECT_EQ(threads.value, 4);
  EXPECT_EQ(reading("auto", threads, between(1, 8)), "");
  EXPECT_FALSE(threads.value);
}

TEST(Fields, OneValueIsAListOfOne) {
  std::vector<int64_t> widths = {3};
  EXPECT_EQ(reading("100", widths, between(1, 1000)), "");
  EXPECT_THAT(widths, ElementsAre(100));
  EXPECT_EQ(reading("[4, 5]", widths), "");
  EXPECT_THAT(widths, ElementsAre(4, 5));
  EXPECT_EQ(reading("[]", widths), "");
  EXPECT_TRUE(widths.empty());
  widths = {3};
  EXPECT_THAT(reading("[1, x, 0]", widths, between(1, 9)), AllOf(HasSubstr("k.1: "), HasSubstr("k.2: ")));
  EXPECT_THAT(widths, ElementsAre(3));
}

TEST(Fields, PathsAreRelativeToWhereTheyAreWritten) {
  const auto path_in = [](const std::string& file, const std::string& text) {
    Problems problems;
    Node node = Node::scalar(text);
    node.where = {file, file.empty() ? 0 : 1, 1};
    std::filesystem::path path;
    read_value(node, path, ReadContext{"k", problems});
    EXPECT_TRUE(problems.empty()) << problems.text();
    return path.string();
  };
  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(path_in("/a/configs/x.yaml", "../data/mnist"), "/a/data/mnist");
  EXPECT_EQ(path_in("/a/configs/x.yaml", "./data//mnist/"), "/a/configs/data/mnist");
  EXPECT_EQ(path_in("/a/configs/x.yaml", "/abs/./x/../y"), "/abs/y");
  EXPECT_EQ(path_in("/a/x.yaml", "/"), "/");
  EXPECT_EQ(path_in("/a/x.yaml", "."), "/a");
  EXPECT_EQ(path_in("configs/x.yaml", "data"), here + "/configs/data");
  EXPECT_EQ(path_in("x.yaml", "data"), here + "/data");
  EXPECT_EQ(path_in("", "data"), here + "/data");
  std::filesystem::path path = "/old";
  EXPECT_THAT(reading("''", path), HasSubstr("path"));
  EXPECT_THAT(reading("[a]", path), HasSubstr("path"));
  EXPECT_EQ(path, "/old");
}

TEST(Fields, UnknownKeysAreNamedWithTheirPlace) {
  Problems problems;
  const Node root = test::tree("type: adam\nlrr: 0.1\n");
  read_options<test::StepOptions>(root, ReadContext{"optimizer", problems});
  EXPECT_THAT(problems.text(), AllOf(HasSubstr("tree.yaml:2:1: optimizer.lrr: unknown key"),
                                     HasSubstr("lr, betas"), HasSubstr("did you mean 'lr'")));
}

struct Outer {
  test::StepOptions step;
  template <class Visitor>
  void visit(Visitor& v) {
    v("step", step, "nested");
  }
};

TEST(Fields, OptionsNest) {
  Problems problems;
  const auto options = read_options<Outer>(test::tree("step: {lr: 0.5}"), ReadContext{"", problems});
  EXPECT_EQ(options.step.lr, 0.5);
  EXPECT_EQ(write_options(options), test::tree("step: {lr: 0.5, betas: [0.9, 0.999]}"));
  read_options<Outer>(test::tree("step: {lr: 0, x: 1}"), ReadContext{"", problems});
  EXPECT_THAT(problems.text(), AllOf(HasSubstr("step.lr: "), HasSubstr("step.x: unknown")));
  Problems scalar;
  read_options<Outer>(test::tree("step: 5"), ReadContext{"", scalar});
  EXPECT_THAT(scalar.text(), HasSubstr("step: must be a map"));
}

TEST(Fields, CheckedSectionsThrowAllTheSame) {
  EXPECT_EQ(read_options<test::StepOptions>(test::tree("lr: 0.25")).lr, 0.25);
  EXPECT_THROW(read_options<test::StepOptions>(test::tree("lr: x")), Error);
}

Node resolve(const Node& node, Problems& problems) {
  return resolve_component(node, test::test_sections()[3].types, ReadContext{"optimizer", problems});
}

TEST(Fields, ComponentsAreCompleted) {
  Problems problems;
  const Node expected = test::tree("type: sgd\nlr: 0.001\nbetas: [0.9, 0.999]");
  EXPECT_EQ(resolve(Node::scalar("sgd"), problems), expected);
  EXPECT_EQ(resolve(test::tree("type: sgd"), problems), expected);
  EXPECT_EQ(resolve(expected, problems), expected);
  EXPECT_EQ(component_type(expected), "sgd");
  EXPECT_TRUE(problems.empty()) << problems.text();
}

TEST(Fields, ComponentsKeepThePlacesOfWhatWasWritten) {
  Problems problems;
  const Node section = test::tree("o:\n  type: adam\n  betas: [0.5, 0.5]\n");
  const Node resolved = resolve(*section.find("o"), problems);
  EXPECT_EQ(resolved.where.text(), "tree.yaml:2:3");
  EXPECT_EQ(resolved.find("betas")->items[1].where.text(), "tree.yaml:3:16");
  EXPECT_EQ(resolved.find("lr")->where.line, 0);
}

TEST(Fields, ComponentsThatAreNoneAreReported) {
  const auto mistakes = [](const Node& node) {
    Problems problems;
    resolve(node, problems);
    return problems.text();
  };
  EXPECT_THAT(mistakes(Node::scalar("adm")),
              AllOf(HasSubstr("optimizer: "), HasSubstr("did you mean 'adam'")));
  EXPECT_THAT(mistakes(test::tree("type: adm")),
              AllOf(HasSubstr("optimizer.type: "), HasSubstr("adam, sgd")));
  EXPECT_THAT(mistakes(test::tree("lr: 1")), HasSubstr("needs `type`"));
  EXPECT_THAT(mistakes(test::tree("type: [adam]")), HasSubstr("optimizer.type: "));
  EXPECT_THAT(mistakes(Node::list()), HasSubstr("not a list"));
  EXPECT_THROW(component_type(Node::scalar("adam")), Error);
}

}  // namespace
}  // namespace actlab
