#include "train/optimizer.h"

#include <gtest/gtest.h>

namespace actlab {
namespace {

Node resolved_optimizer(const std::string& yaml) {
  Problems problems;
  Node node = resolve_component(parse_yaml_value(yaml, problems, "optimizer"), optimizer_section().types,
                                ReadContext{"optimizer", problems});
  problems.throw_if_any();
  return node;
}

torch::Tensor parameter(float value) {
  torch::Tensor p = torch::full({3}, value).requires_grad_();
  p.mutable_grad() = torch::zeros({3});
  return p;
}

TEST(Optimizer, WeightDecayLeavesExemptParametersAlone) {
  for (const char* type : {"sgd", "adam", "adamw", "rmsprop"}) {
    const auto decayed = parameter(1);
    const auto exempt = parameter(1);
    const auto optimizer =
        make_optimizer(resolved_optimizer("{type: " + std::string(type) + ", weight_decay: 0.5}"),
                       {{"fc1.weight", decayed}, {"act1.weight", exempt}}, {"act1.weight"});
    optimizer->step(0.1);
    EXPECT_LT(decayed[0].item<float>(), 1) << type;
    EXPECT_EQ(exempt[0].item<float>(), 1) << type;
  }
}

TEST(Optimizer, StateNamesEverySlotOfEveryParameter) {
  const auto optimizer =
      make_optimizer(resolved_optimizer("adam"), {{"a", parameter(1)}, {"b", parameter(1)}}, {});
  std::vector<std::string> names;
  for (const auto& [name, tensor] : optimizer->state()) names.push_back(name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"step", "a.exp_avg", "b.exp_avg", "a.exp_avg_sq", "b.exp_avg_sq"}));
}

TEST(Optimizer, ZeroGradForgets) {
  const auto p = parameter(1);
  const auto optimizer = make_optimizer(resolved_optimizer("sgd"), {{"p", p}}, {});
  optimizer->zero_grad();
  EXPECT_FALSE(p.grad().defined());
}

TEST(Optimizer, NesterovWithoutMomentumIsRefused) {
  Problems problems;
  const Node written = parse_yaml_value("{type: sgd, nesterov: true}", problems, "optimizer");
  resolve_component(written, optimizer_section().types, {"optimizer", problems});
  EXPECT_NE(problems.text().find("optimizer.nesterov: needs momentum"), std::string::npos) << problems.text();
}

}  // namespace
}  // namespace actlab
