#include "config/environment.h"

#include <cstdlib>

#include "config/config_support.h"

namespace actlab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Environment : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("ACTLAB_TEST_SET", "value", 1);
    ::setenv("ACTLAB_TEST_EMPTY", "", 1);
    ::setenv("ACTLAB_TEST_LR", "0.5", 1);
    ::setenv("ACTLAB_TEST_NESTED", "${env:ACTLAB_TEST_SET}", 1);
    ::setenv("ACTLAB_TEST_BYTES", "\xFF", 1);
    ::unsetenv("ACTLAB_TEST_UNSET");
  }

  // What the text becomes as a quoted value.
  static Node resolved(const std::string& text, Problems& problems) {
    Node root = Node::map();
    root["k"] = Node::scalar(text, true);
    resolve_environment(root, problems);
    return *root.find("k");
  }
};

TEST_F(Environment, ReplacesReferencesAnywhereInAText) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"${env:ACTLAB_TEST_SET}", "value"},
      {"a/${env:ACTLAB_TEST_SET}/b", "a/value/b"},
      {"${env:ACTLAB_TEST_SET}${env:ACTLAB_TEST_LR}", "value0.5"},
      {"${env:ACTLAB_TEST_UNSET:-other}", "other"},
      {"${env:ACTLAB_TEST_SET:-other}", "value"},
      {"${env:ACTLAB_TEST_UNSET:-}", ""},
      {"${env:ACTLAB_TEST_EMPTY:-other}", ""},
      {"${env:ACTLAB_TEST_UNSET:-a:-b}", "a:-b"},
      {"${env:ACTLAB_TEST_UNSET:-../x y}", "../x y"},
      {"${env:ACTLAB_TEST_NESTED}", "${env:ACTLAB_TEST_SET}"},
      {"$5 and {x}", "$5 and {x}"},
  };
  for (const auto& [text, result] : table) {
    Problems problems;
    EXPECT_EQ(resolved(text, problems).text, result) << text;
    EXPECT_EQ(problems.text(), "") << text;
  }
}

TEST_F(Environment, WhatComesOutIsPlain) {
  Problems problems;
  EXPECT_FALSE(resolved("${env:ACTLAB_TEST_LR}", problems).quoted);
  EXPECT_TRUE(resolved("5", problems).quoted);
}

TEST_F(Environment, NamesTheVariableThatIsNotSet) {
  Problems problems;
  Node root = test::tree("data:\n  root: '${env:ACTLAB_TEST_UNSET}'\n  list: ['${env:ACTLAB_TEST_UNSET}']\n");
  resolve_environment(root, problems);
  EXPECT_THAT(problems.text(),
              AllOf(HasSubstr("tree.yaml:2:9: data.root: "), HasSubstr("tree.yaml:3:10: data.list.0: "),
                    HasSubstr("ACTLAB_TEST_UNSET is not set")));
  EXPECT_TRUE(root.find("data")->find("root")->is_null());
}

TEST_F(Environment, ShowsTheSyntaxForMalformedReferences) {
  for (const char* text :
       {"${env:}", "${env:A", "${", "${}", "${foo}", "${env}", "${ENV:A}", "${env:1A}", "${env:A B}",
        "${env:A:}", "${env:A-x}", "${env: A}", "${env:A:-${env:B}}", "x${env:ACTLAB_TEST_SET}y${"}) {
    Problems problems;
    resolved(text, problems);
    EXPECT_THAT(problems.text(), HasSubstr("${env:NAME}")) << text;
  }
}

// 2,000 references to a large variable would be hundreds of megabytes.
TEST_F(Environment, BoundsWhatAllReferencesBringTogether) {
  const std::string large(100'000, 'v');
  ::setenv("ACTLAB_TEST_LARGE", large.c_str(), 1);
  const std::string reference = "${env:ACTLAB_TEST_LARGE}";
  std::string in_one;
  std::string in_many = "list:\n";
  for (int i = 0; i < 2000; ++i) {
    in_one += reference;
    in_many += "  - '" + reference + "'\n";
  }
  for (const std::string& text : {"one: '" + in_one + "'\n", in_many}) {
    Problems problems;
    Node root = test::tree(text);
    resolve_environment(root, problems);
    EXPECT_EQ(problems.size(), 1U);
    EXPECT_THAT(problems.text(), HasSubstr("larger than 1 MiB"));
  }
  Problems problems;
  EXPECT_EQ(resolved(reference + reference, problems).text.size(), 200'000U);
  EXPECT_EQ(problems.size(), 0U);
  ::unsetenv("ACTLAB_TEST_LARGE");
}

TEST_F(Environment, RefusesBytesThatAreNotText) {
  Problems problems;
  resolved("${env:ACTLAB_TEST_BYTES}", problems);
  EXPECT_THAT(problems.text(), AllOf(HasSubstr("ACTLAB_TEST_BYTES"), HasSubstr("UTF-8")));
}

}  // namespace
}  // namespace actlab
