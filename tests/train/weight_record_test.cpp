#include "train/weight_record.h"

#include <gtest/gtest.h>
#include <torch/utils.h>

#include "app/catalogue.h"
#include "core/base64.h"
#include "models/registry.h"

namespace actlab::test {
namespace {

std::shared_ptr<Model> made(const std::string& yaml, const InputShape& input) {
  Problems problems;
  const Node given = parse_yaml_value(yaml, problems, "model");
  const Node model = resolve_component(given, model_section().types, ReadContext{"model", problems});
  problems.throw_if_any();
  return make_model(model, input, 10);
}

TEST(WeightRecord, AUnitOfPixelsIsAPictureOfItsWeights) {
  const Shape input{1, 4, 3};
  const auto model = made("{type: mlp, hidden: [5]}", input);
  const torch::NoGradGuard no_grad;
  torch::Tensor weight = model->named_parameters()["fc1.weight"];
  weight.zero_();
  weight[2][7] = 0.5;
  weight[2][8] = -0.25;
  const auto record = record_first_weights(*model, input);
  EXPECT_EQ(record["layer"], "fc1");
  EXPECT_EQ(record["units"], 5);
  EXPECT_EQ(record["shape"], nlohmann::ordered_json({1, 4, 3}));
  EXPECT_EQ(record["largest"], 0.5);
  const Bytes third = from_base64(record["pixels"][2]);
  ASSERT_EQ(third.size(), 12U);
  EXPECT_EQ(third[0], 128);
  EXPECT_EQ(third[7], 255);
  EXPECT_EQ(third[8], 65) << "128 - 63.5 is 64.5, rounded up";
}

TEST(WeightRecord, AConvolutionHasItsKernels) {
  const Shape input{1, 28, 28};
  const auto record = record_first_weights(*made("{type: simple_cnn}", input), input);
  EXPECT_EQ(record["units"], 32);
  EXPECT_EQ(record["shape"], nlohmann::ordered_json({1, 3, 3}));
}

TEST(WeightRecord, WhatIsNoImageHasNone) {
  const Shape input{1, 1, 4};
  EXPECT_TRUE(record_first_weights(*made("{type: mlp, hidden: [5]}", input), input).is_null());
}

}  // namespace
}  // namespace actlab::test
