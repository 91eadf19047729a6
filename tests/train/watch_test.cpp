#include "train/watch.h"

#include <gmock/gmock.h>

#include "core/test_support.h"
#include "train/tasks.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;

Watch watch(const std::string& figure, bool has_validation = true, int64_t classes = 10) {
  TrainOptions options;
  if (!figure.empty()) options.watch.value = figure;
  return watch_of(options, classification("cross_entropy", {"logits", classes}, classes), has_validation);
}

TEST(StopsEarly, AfterPatienceEpochsWithoutABetterValue) {
  EXPECT_FALSE(stops_early({0, 0}, {1, 2, 3, 4}));
  EXPECT_FALSE(stops_early({2, 0}, {1, 0.9, 0.95}));
  EXPECT_TRUE(stops_early({2, 0}, {1, 0.9, 0.95, 0.9}));
  EXPECT_TRUE(stops_early({2, 0.2}, {1, 0.9, 0.85}));
  EXPECT_FALSE(stops_early({2, 0}, {1, 0.9, 0.95, 0.9}, /*larger_is_better=*/true) &&
               stops_early({2, 0}, {0.8, 0.9, 0.85}, true));
  EXPECT_TRUE(stops_early({2, 0}, {0.8, 0.9, 0.85, 0.9}, true));
  EXPECT_FALSE(stops_early({2, 0}, {0.1, 0.2, 0.3, 0.4}, true));
  EXPECT_TRUE(stops_early({2, 0.2}, {0.1, 0.2, 0.3}, true));
}

TEST(Watch, KnowsWhichWayIsUp) {
  EXPECT_FALSE(watch("validation_loss").larger_is_better);
  EXPECT_FALSE(watch("train_loss", false).larger_is_better);
  for (const char* figure : {"validation_accuracy", "validation_f1", "validation_recall"}) {
    EXPECT_TRUE(watch(figure).larger_is_better) << figure;
  }
  EXPECT_TRUE(watch("validation_auc", true, 2).larger_is_better);
  const Watch accuracy = watch("validation_accuracy");
  EXPECT_TRUE(accuracy.last_is_best({0.8}));
  EXPECT_TRUE(accuracy.last_is_best({0.8, 0.9}));
  EXPECT_FALSE(accuracy.last_is_best({0.9, 0.9}));  // the first of equals
  EXPECT_TRUE(watch("validation_loss").last_is_best({0.9, 0.8}));
}

TEST(Watch, WithoutBeingToldTakesTheValidationLossOrNothing) {
  EXPECT_EQ(watch("").figure, "validation_loss");
  EXPECT_EQ(watch("", false).figure, "");
  EXPECT_FALSE(watch("").asked);
}

TEST(Watch, RefusesWhatIsNotRecordedAndNamesWhatIs) {
  const auto refusal = [](const std::string& figure, bool has_validation, int64_t classes) {
    return error_of([&] { watch(figure, has_validation, classes); }, ExitStatus::kUsage);
  };
  EXPECT_THAT(
      refusal("validation_acuracy", true, 10),
      testing::AllOf(HasSubstr("train.watch"), HasSubstr("'validation_accuracy'"), HasSubstr("train_loss")));
  EXPECT_THAT(refusal("validation_auc", true, 10), HasSubstr("not recorded"));  // of two classes only
  EXPECT_THAT(refusal("test_accuracy", true, 10), HasSubstr("test data, which choose nothing"));
  EXPECT_THAT(refusal("validation_accuracy", false, 10), HasSubstr("data.validation"));
}

TEST(Watch, ReadsItsFigureFromTheEpoch) {
  EpochRow row;
  row.train_loss = 0.5;
  row.validation_loss = 0.6;
  row.validation_headline = 0.7;
  row.more = {{"validation_f1", 0.8}};
  EXPECT_EQ(watch("train_loss").value_of(row), 0.5);
  EXPECT_EQ(watch("validation_loss").value_of(row), 0.6);
  EXPECT_EQ(watch("validation_accuracy").value_of(row), 0.7);
  EXPECT_EQ(watch("validation_f1").value_of(row), 0.8);
  EXPECT_THAT(error_of([&] { watch("validation_recall").value_of(row); }, ExitStatus::kData),
              HasSubstr("no value"));
}

}  // namespace
}  // namespace actlab::test
