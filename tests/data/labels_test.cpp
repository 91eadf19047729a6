#include "data/labels.h"

#include <gmock/gmock.h>

#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = LabelChoice::Kind;

const LabelChoice kAll;
const LabelChoice kKeep{Kind::kKeep, {7, 2}};
const LabelChoice kOdd{Kind::kPositive, {1, 3, 5, 7, 9}};

TEST(Labels, AllLeavesTheDataAlone) {
  const Part data = apply_labels(labelled({3, 0, 9}, 10), kAll);
  EXPECT_THAT(data.labels(), ElementsAre(3, 0, 9));
  EXPECT_EQ(data.shape().classes, 10);
}

TEST(Labels, KeepDropsTheOthersAndRenumbersInTheListsOrder) {
  const Part data = apply_labels(labelled({2, 3, 7, 7, 0, 2}, 10), kKeep);
  EXPECT_THAT(samples_of(data), ElementsAre(0, 2, 3, 5));
  EXPECT_THAT(data.labels(), ElementsAre(1, 0, 0, 1));
  EXPECT_EQ(data.shape().classes, 2);
}

TEST(Labels, PositiveMakesTwoClassesOfAll) {
  const Part data = apply_labels(labelled({0, 1, 2, 3, 9, 8}, 10), kOdd);
  EXPECT_THAT(samples_of(data), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(data.labels(), ElementsAre(0, 1, 0, 1, 1, 0));
  EXPECT_EQ(data.shape().classes, 2);
}

TEST(Labels, WorkForTheLargestLabel) {
  const LabelChoice last{Kind::kPositive, {255}};
  EXPECT_THAT(apply_labels(labelled({255, 254}, 256), last).labels(), ElementsAre(1, 0));
}

TEST(Labels, TasksHaveAsManyClassesAsNames) {
  for (const LabelChoice& choice : {kAll, kKeep, kOdd}) {
    EXPECT_EQ(task_classes(choice, 10), std::ssize(class_names(choice, 10)));
  }
  EXPECT_EQ(task_classes(kAll, 10), 10);
}

TEST(Labels, NamesAreTheOriginals) {
  EXPECT_THAT(class_names(kAll, 3), ElementsAre("0", "1", "2"));
  EXPECT_THAT(class_names(kKeep, 10), ElementsAre("7", "2"));
  EXPECT_THAT(class_names(kOdd, 10), ElementsAre("not 1,3,5,7,9", "1,3,5,7,9"));
}

TEST(Labels, MayBeNamed) {
  const std::vector<std::string> digits = {"zero", "one", "two"};
  EXPECT_THAT(class_names(kAll, 3, digits), ElementsAre("zero", "one", "two"));
  EXPECT_THAT(class_names({Kind::kKeep, {2, 0}}, 3, digits), ElementsAre("two", "zero"));
  EXPECT_THAT(class_names({Kind::kPositive, {2, 0}}, 3, digits), ElementsAre("not two,zero", "two,zero"));
  Problems problems;
  LabelChoice choice;
  const Node node = yaml("{positive: [1, 3], names: [even, odd]}");
  read_value(node, choice, ReadContext{"data.labels", problems});
  EXPECT_EQ(problems.text(), "");
  EXPECT_THAT(class_names(choice, 4, {}), ElementsAre("even", "odd"));
  EXPECT_EQ(write_value(choice), node);
}

TEST(Labels, MistakesNeedTheNumberOfClasses) {
  EXPECT_EQ(label_mistake(kOdd, 10), "");
  EXPECT_EQ(label_mistake(kAll, 2), "");
  EXPECT_THAT(label_mistake(kOdd, 9), testing::AllOf(HasSubstr("no class 9"), HasSubstr("0 to 8")));
  EXPECT_THAT(label_mistake({Kind::kPositive, {0, 1, 2}}, 3), HasSubstr("every class is positive"));
  EXPECT_EQ(label_mistake({Kind::kKeep, {0, 1, 2}}, 3), "");
}

std::string label_problems(const std::string& text) {
  Problems problems;
  LabelChoice choice = kKeep;
  read_value(yaml(text), choice, ReadContext{"data.labels", problems});
  EXPECT_EQ(problems.empty(), false) << text;
  EXPECT_EQ(choice, kKeep) << text;
  return problems.text();
}

TEST(Labels, AreReadFromTheConfigAndWrittenBack) {
  for (const auto& [text, expected] : {std::pair{"all", kAll}, std::pair{"{keep: [7, 2]}", kKeep},
                                       std::pair{"{positive: [1, 3, 5, 7, 9]}", kOdd}}) {
    Problems problems;
    LabelChoice choice{Kind::kKeep, {0, 1}};
    read_value(yaml(text), choice, ReadContext{"data.labels", problems});
    EXPECT_TRUE(problems.empty()) << problems.text();
    EXPECT_EQ(choice, expected);
    EXPECT_EQ(write_value(choice), yaml(text));
  }
}

TEST(Labels, OnePositiveClassNeedsNoList) {
  Problems problems;
  LabelChoice choice;
  read_value(yaml("{positive: 3}"), choice, ReadContext{"data.labels", problems});
  EXPECT_TRUE(problems.empty());
  EXPECT_THAT(choice.classes, ElementsAre(3));
}

TEST(Labels, MistakesInTheConfigAreNamed) {
  EXPECT_THAT(label_problems("some"), HasSubstr("expected all"));
  EXPECT_THAT(label_problems("[1, 2]"), HasSubstr("expected all"));
  EXPECT_THAT(label_problems("{}"), HasSubstr("expected all"));
  EXPECT_THAT(label_problems("{keep: [1, 2], positive: [1]}"), HasSubstr("only one of"));
  EXPECT_THAT(label_problems("{keeep: [1, 2]}"), HasSubstr("keep"));
  EXPECT_THAT(label_problems("{keep: []}"), HasSubstr("at least two"));
  EXPECT_THAT(label_problems("{keep: [1]}"), HasSubstr("at least two"));
  EXPECT_THAT(label_problems("{positive: []}"), HasSubstr("at least one"));
  EXPECT_THAT(label_problems("{positive: [3, 1, 3]}"), HasSubstr("class 3 is listed twice"));
  EXPECT_THAT(label_problems("{positive: [1000001, 0]}"),
              testing::AllOf(HasSubstr("positive"), HasSubstr("1000000")));
  EXPECT_THAT(label_problems("{positive: [-1]}"), HasSubstr("positive"));
  EXPECT_THAT(label_problems("{positive: [odd]}"), HasSubstr("positive"));
}

}  // namespace
}  // namespace actlab::test
