#include "data/registry.h"

#include <gmock/gmock.h>

#include "core/test_support.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Node resolve(const std::string& text, Problems& problems) {
  return resolve_component(yaml(text), data_section().types, ReadContext{"data", problems});
}

Node resolved(const std::string& text) {
  Problems problems;
  Node node = resolve(text, problems);
  EXPECT_EQ(problems.text(), "");
  return node;
}

std::string problems_of(const std::string& text) {
  Problems problems;
  resolve(text, problems);
  return problems.text();
}

std::vector<std::string> keys(const Node& node) {
  std::vector<std::string> names;
  for (const Entry& entry : node.entries) names.push_back(entry.key);
  return names;
}

TEST(DataRegistry, HasNoDefaultAndDescribesItsTypes) {
  const ComponentSection section = data_section();
  EXPECT_EQ(section.name, "data");
  EXPECT_EQ(section.default_type, "");
  for (const ComponentType& type : section.types) EXPECT_NE(type.help, "") << type.name;
}

TEST(DataRegistry, FillsInTheDefaults) {
  const Node node = resolved("{type: mnist, root: some/where}");
  EXPECT_THAT(keys(node), ElementsAre("type", "root", "labels", "validation", "normalize", "limit"));
  EXPECT_EQ(node.find("labels")->text, "all");
  EXPECT_EQ(node.find("normalize")->text, "auto");
  EXPECT_EQ(node.find("limit")->text, "0");
}

TEST(DataRegistry, ResolvingTwiceChangesNothing) {
  for (const char* text :
       {"mnist",
        "{type: mnist, labels: {positive: [1, 3]}, validation: 0.1, normalize: {mean: 0.5, std: 0.25}}",
        "{type: idx, train_images: a, train_labels: b, test_images: c, test_labels: d, classes: 4}",
        "{type: idx, train_images: a, train_labels: b, test_images: c, test_labels: d}", "synthetic",
        "{type: synthetic, shape: 20, classes: 3, validation: 100, limit: 500}"}) {
    const Node once = resolved(text);
    Problems problems;
    EXPECT_EQ(resolve_component(once, data_section().types, ReadContext{"data", problems}), once) << text;
    EXPECT_EQ(problems.text(), "");
  }
}

TEST(DataRegistry, DefaultRootIsAbsolute) {
  EXPECT_TRUE(std::filesystem::path(resolved("mnist").find("root")->text).is_absolute());
}

TEST(DataRegistry, ReportsEveryMistake) {
  EXPECT_THAT(problems_of("{type: mnits}"), HasSubstr("mnist"));
  EXPECT_THAT(problems_of("{type: mnist, rooot: x, validation: -1, limit: 1.5}"),
              AllOf(HasSubstr("root"), HasSubstr("data.validation"), HasSubstr("data.limit")));
  EXPECT_THAT(problems_of("{type: mnist, validation: 1.5}"),
              AllOf(HasSubstr("data.validation"), HasSubstr("whole number")));
  EXPECT_THAT(problems_of("{type: mnist, labels: {keep: [9, 10]}}"),
              AllOf(HasSubstr("data.labels"), HasSubstr("0 to 9")));
  EXPECT_THAT(problems_of("{type: mnist, labels: {positive: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}}"),
              HasSubstr("every class"));
  EXPECT_THAT(problems_of("{type: mnist, normalize: {mean: [0, 1], std: 1}}"), HasSubstr("1 channel"));
  EXPECT_THAT(problems_of("{type: idx}"), HasSubstr("data.train_images"));
}

std::string names_problems(const std::string& names) {
  return problems_of("{type: synthetic, shape: [7], classes: " + names + "}");
}

TEST(DataRegistry, ClassesHaveNamesWhereTheyAreGiven) {
  const Node node = resolved(
      "{type: synthetic, shape: [7], classes: [cat, 7, dog], examples: 30, test_examples: 3, "
      "labels: {keep: [2, 0]}}");
  EXPECT_THAT(load_data(node, 1).class_names, ElementsAre("dog", "cat"));
  Problems problems;
  EXPECT_EQ(resolve_component(node, data_section().types, ReadContext{"data", problems}), node);
  EXPECT_THAT(names_problems("[cat]"), HasSubstr("names"));
  EXPECT_THAT(names_problems("[cat, cat]"), HasSubstr("two classes"));
  EXPECT_THAT(names_problems("[cat, \"a\\tb\"]"), HasSubstr("without line breaks"));
  EXPECT_THAT(problems_of("{type: mnist, classes: [a, b]}"), HasSubstr("ten names"));
  EXPECT_THAT(problems_of("{type: mnist, classes: 10}"), HasSubstr("a list of names"));
}

TEST(DataRegistry, DataAreNamedByTheirType) {
  EXPECT_EQ(load_data(resolved("{type: synthetic, shape: [7]}"), 1).name, "synthetic");
}

TEST(DataRegistry, KnowsShapesWithoutReadingData) {
  EXPECT_EQ(known_shape(resolved("{type: mnist, root: /nowhere}")), (ExampleShape{1, 28, 28, 10}));
  EXPECT_EQ(known_shape(resolved("{type: mnist, labels: {positive: [1]}}")), (ExampleShape{1, 28, 28, 2}));
  EXPECT_EQ(known_shape(resolved("{type: mnist, labels: {keep: [1, 2, 3]}}")), (ExampleShape{1, 28, 28, 3}));
  EXPECT_EQ(known_shape(resolved("{type: synthetic, shape: [7], classes: 4}")), (ExampleShape{1, 1, 7, 4}));
}

TEST(DataRegistry, OnlyTheFilesTellTheShapeOfIdxData) {
  const std::string files = "{type: idx, train_images: a, train_labels: b, test_images: c, test_labels: d";
  EXPECT_EQ(known_shape(resolved(files + ", classes: 4}")), std::nullopt);
}

TEST(DataRegistry, LoadsAccordingToTheSection) {
  const Node node = resolved(
      "{type: synthetic, shape: [6], classes: 3, examples: 60, test_examples: 30, validation: 0.25, "
      "labels: {keep: [2, 0]}, normalize: none}");
  const DataParts parts = load_data(node, 5);
  EXPECT_EQ(parts.train.size(), 30);
  EXPECT_EQ(parts.validation.size(), 10);
  EXPECT_EQ(parts.test.size(), 20);
  EXPECT_EQ(parts.train.shape(), (ExampleShape{1, 1, 6, 2}));
  EXPECT_THAT(parts.class_names, ElementsAre("2", "0"));
  EXPECT_THAT(parts.normalization.std, ElementsAre(1.0F));
  EXPECT_EQ(parts.fingerprint, load_data(node, 5).fingerprint);
  EXPECT_NE(parts.fingerprint, load_data(node, 6).fingerprint);
}

TEST(DataRegistry, LoadsIdxFiles) {
  const TemporaryFolder folder;
  for (const char* name : {"a", "c"}) put_bytes(folder / name, idx_images(4, 2, 2));
  for (const char* name : {"b", "d"}) put_bytes(folder / name, idx_labels({0, 1, 2, 1}));
  const std::string root = folder.path().string();
  const Node node = resolved("{type: idx, train_images: " + root + "/a, train_labels: " + root +
                             "/b, test_images: " + root + "/c, test_labels: " + root + "/d, limit: 3}");
  EXPECT_EQ(load_data(node, 1).train.size(), 3);
}

}  // namespace
}  // namespace actlab::test
