#include "models/pool_first.h"

#include <gmock/gmock.h>
#include <torch/utils.h>

#include "models/model.h"

namespace actlab {
namespace {

using testing::ElementsAre;
using torch::Tensor;

NamedLayer act(const std::string& name, const std::string& type) {
  return {name, ActivationLayer{{type, {}}}};
}

NamedLayer pool(const std::string& name) {
  return {name, MaxPoolLayer{}};
}

std::vector<std::string> order(const std::vector<NamedLayer>& layers) {
  std::vector<std::string> names;
  for (const auto& layer : pool_first(layers)) names.push_back(layer.name);
  return names;
}

TEST(PoolFirst, SwapsANonDecreasingActivationWithTheMaxPoolAfterIt) {
  const NamedLayer conv = {"conv", ConvLayer{}};
  EXPECT_THAT(order({conv, act("act", "relu"), pool("pool"), act("end", "tanh")}),
              ElementsAre("conv", "pool", "act", "end"));
  EXPECT_THAT(order({act("act", "relu"), pool("pool1"), pool("pool2")}),
              ElementsAre("pool1", "pool2", "act"));
  EXPECT_THAT(order({pool("pool"), act("act", "relu")}), ElementsAre("pool", "act"));
  EXPECT_THAT(order({}), ElementsAre());
}

TEST(PoolFirst, LeavesWhatDoesNotCommute) {
  // One falls somewhere, one has a slope that may be learned to be negative, one combines channels.
  for (const std::string type : {"gelu", "prelu", "softmax"})
    EXPECT_THAT(order({act("act", type), pool("pool")}), ElementsAre("act", "pool")) << type;
  const NamedLayer mean = {"mean", AvgPoolLayer{}};
  EXPECT_THAT(order({act("act", "relu"), mean}), ElementsAre("act", "mean"));
}

TEST(PoolFirst, ValuesStayTheSame) {
  const std::vector<NamedLayer> layers = {{"conv", ConvLayer{.channels = 4}},
                                          act("act", "elu"),
                                          {"pool", MaxPoolLayer{{.kernel = 3, .stride = {2}, .padding = 1}}},
                                          {"flatten", FlattenLayer{}},
                                          {"fc", LinearLayer{.units = {3}}}};
  const InputShape input = {2, 9, 9};
  torch::manual_seed(3);
  Model plain({.layers = layers}, input);
  torch::manual_seed(3);
  Model pooled({.layers = pool_first(layers)}, input);
  EXPECT_EQ(pooled.layers()[1].name, "pool");
  const Tensor x = torch::randn({5, 2, 9, 9});
  EXPECT_TRUE(plain.forward(x).equal(pooled.forward(x)));
}

}  // namespace
}  // namespace actlab
