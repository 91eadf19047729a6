#include "app/idle_options.h"

#include <gmock/gmock.h>

#include "core/text.h"
#include "data/data_files.h"
#include "train/schedule.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;

// Of a run of ten epochs, with these sections.
std::string idle(const std::string& sections, int64_t examples = 0) {
  Config config;
  config.data = yaml("{type: synthetic, validation: 0.1}");
  config.model = yaml("{type: mlp}");
  config.optimizer = yaml("{type: sgd, lr: 0.1}");
  config.schedule = yaml("{type: constant, warmup: 0}");
  Problems problems;
  const Node node = yaml(sections);
  for (const auto& [name, value, where] : node.entries) {
    if (name == "data") config.data = value;
    if (name == "model") config.model = value;
    if (name == "optimizer") config.optimizer = value;
    if (name == "schedule") config.schedule = value;
    if (name == "train") read_value(value, config.train, {"train", problems});
    if (name == "checkpoint") read_value(value, config.checkpoint, {"checkpoint", problems});
    if (name == "diagnose") read_value(value, config.diagnose, {"diagnose", problems});
  }
  EXPECT_EQ(problems.text(), "");
  return join(idle_options(config, examples), "\n");
}

TEST(IdleOptions, AnOrdinaryConfigHasNone) {
  EXPECT_EQ(idle("{train: {early_stopping: {patience: 9}}}"), "");
}

TEST(IdleOptions, EarlyStoppingNeedsValidationDataAndTime) {
  EXPECT_THAT(idle("{data: {type: synthetic, validation: 0}, train: {early_stopping: {patience: 3}}}"),
              HasSubstr("watches the training loss"));
  EXPECT_THAT(idle("{train: {early_stopping: {patience: 10}}}"), HasSubstr("never stops"));
  EXPECT_THAT(idle("{train: {early_stopping: {min_delta: 0.1}}}"), HasSubstr("without"));
}

TEST(IdleOptions, WhatIsLongerThanTheRunIsTold) {
  EXPECT_THAT(idle("{checkpoint: {every: {epochs: 11}}}"), HasSubstr("only its end is saved"));
  EXPECT_THAT(idle("{diagnose: {every: {epochs: 11}}}"), HasSubstr("only its start is examined"));
  EXPECT_EQ(idle("{diagnose: {every: {epochs: 11}, examples: 0}}"), "");
  EXPECT_THAT(idle("{schedule: {type: step, step_size: 10}}"), HasSubstr("schedule.step_size"));
  EXPECT_THAT(idle("{schedule: {type: constant, warmup: 100}, train: {batch_size: 10}}", 100),
              HasSubstr("schedule.warmup"));
}

TEST(IdleOptions, WhatChangesNothingIsTold) {
  EXPECT_THAT(idle("{optimizer: {type: sgd, lr: 0}}"), HasSubstr("no weight is ever changed"));
  EXPECT_THAT(idle("{optimizer: {type: sgd, lr: 0.1, momentum: 0, dampening: 0.5}}"), HasSubstr("dampening"));
  EXPECT_THAT(idle("{model: {type: sequential, layers: [linear, {type: dropout, p: 0}]}}"),
              HasSubstr("model.layers.1: dropout"));
  EXPECT_THAT(idle("{train: {batch_size: 101}}", 100), HasSubstr("an epoch is one step"));
}

}  // namespace
}  // namespace actlab::test
