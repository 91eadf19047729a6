#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/utils.h>

#include "core/error.h"
#include "models/registry.h"

namespace actlab {
namespace {

Node resolved_model(const std::string& yaml) {
  Problems problems;
  const Node given = parse_yaml_value(yaml, problems, "model");
  Node model = resolve_component(given, model_section().types, ReadContext{"model", problems});
  problems.throw_if_any();
  return model;
}

std::shared_ptr<Model> made(const std::string& yaml, const InputShape& input = {}, int64_t classes = 10) {
  torch::manual_seed(3);
  return make_model(resolved_model(yaml), input, classes);
}

// Of parameters and buffers, as a checkpoint has them.
std::vector<std::string> names(const Model& model) {
  std::vector<std::string> list;
  for (const auto& item : model.named_parameters()) list.push_back(item.key());
  for (const auto& item : model.named_buffers()) list.push_back(item.key());
  return list;
}

std::string model_refusal(const std::string& yaml, const InputShape& input = {}) {
  try {
    made(yaml, input);
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), ExitStatus::kUsage);
    return e.what();
  }
  return "";
}

TEST(BinaryClassifier, IsTheTutorials784To100To1) {
  const auto model = made("binary_classifier");
  EXPECT_EQ(model->parameters()[0].sizes(), (std::vector<int64_t>{100, 784}));
  const auto y = model->forward(torch::randn({3, 1, 28, 28}));
  EXPECT_EQ(y.sizes(), (std::vector<int64_t>{3, 1}));
  EXPECT_TRUE(((y > 0) & (y < 1)).all().item<bool>());
}

TEST(SimpleCnn, HasTheTutorialsLayers) {
  const auto model = made("simple_cnn");
  int64_t weights = 0;
  for (const auto& p : model->parameters()) weights += p.numel();
  EXPECT_EQ(weights, (9 * 32 + 32) + (32 * 9 * 64 + 64) + (64 * 7 * 7 * 10 + 10));
  const auto y = model->forward(torch::randn({2, 1, 28, 28}));
  EXPECT_TRUE(torch::allclose(y.exp().sum(1), torch::ones({2}), 1e-5, 1e-5));
}

TEST(SimpleCnn, PoolingBeforeANonDecreasingActivationGivesTheSameValues) {
  const auto model = made("{type: simple_cnn, activation: relu}");
  const auto x = torch::randn({2, 1, 28, 28});
  auto h = x;
  const auto p = model->named_parameters();
  h = at::max_pool2d(at::relu(at::conv2d(h, p["conv1.weight"], p["conv1.bias"], 1, 1)), 2);
  h = at::max_pool2d(at::relu(at::conv2d(h, p["conv2.weight"], p["conv2.bias"], 1, 1)), 2);
  const auto expected = at::log_softmax(at::linear(h.flatten(1), p["fc1.weight"], p["fc1.bias"]), 1);
  EXPECT_TRUE(torch::allclose(model->forward(x), expected, 1e-5, 1e-6));
}

TEST(Mlp, TakesAnyWidthsAndOneActivationALayer) {
  const auto model =
      made("{type: mlp, hidden: [5, 4], activation: [tanh, {type: elu, alpha: 0.5}]}", {1, 1, 4}, 3);
  EXPECT_EQ(model->forward(torch::randn({2, 1, 1, 4})).sizes(), (std::vector<int64_t>{2, 3}));
  ASSERT_EQ(model->hidden().size(), 2U);
  EXPECT_EQ(model->hidden()[0].activation->info().name, "tanh");
  EXPECT_EQ(model->hidden()[1].activation->info().name, "elu");
  EXPECT_THAT(model_refusal("{type: mlp, hidden: [5, 4], activation: [tanh, relu, elu]}"),
              testing::HasSubstr("activation"));
}

TEST(Sequential, InfersShapesAndNamesTheLayerThatDoesNotFit) {
  const auto model = made(
      "{type: sequential, activation: [relu, tanh], layers: [{type: conv, channels: 4, stride: 2}, "
      "batch_norm, activation, "
      "{type: avg_pool, kernel: 3}, flatten, {type: linear, units: 6}, activation, {type: dropout, p: 0.1}, "
      "linear]}");
  EXPECT_EQ(model->forward(torch::randn({2, 1, 28, 28})).sizes(), (std::vector<int64_t>{2, 10}));
  EXPECT_THAT(model_refusal("{type: sequential, layers: [linear]}"),
              testing::HasSubstr("model.layers.0 (linear)"));
  EXPECT_THAT(model_refusal("{type: sequential, layers: [flatten, max_pool, linear]}"),
              testing::HasSubstr("model.layers.1 (max_pool)"));
  EXPECT_THAT(model_refusal("{type: sequential, layers: [{type: conv, kernel: 40}, flatten, linear]}"),
              testing::HasSubstr("kernel 40"));
  EXPECT_THAT(model_refusal("{type: sequential, layers: [{type: conv}]}"), testing::HasSubstr("flatten"));
  EXPECT_THAT(model_refusal("{type: sequential, layers: []}"), testing::HasSubstr("layer"));
}

TEST(Model, TensorsHaveTheNamesAndTheOrderOfCheckpoints) {
  using testing::ElementsAre;
  EXPECT_THAT(names(*made("binary_classifier")),
              ElementsAre("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"));
  EXPECT_THAT(names(*made("{type: mlp, hidden: [5, 4], activation: [prelu, relu]}")),
              ElementsAre("fc1.weight", "fc1.bias", "act1.weight", "fc2.weight", "fc2.bias", "fc3.weight",
                          "fc3.bias"));
  // Pooling comes first or not, the names stay.
  for (const std::string activation : {"relu", "prelu"}) {
    std::vector<std::string> expected = {"conv1.weight", "conv1.bias", "conv2.weight",
                                         "conv2.bias",   "fc1.weight", "fc1.bias"};
    if (activation == "prelu") {
      expected.insert(expected.begin() + 2, "act1.weight");
      expected.insert(expected.begin() + 5, "act2.weight");
    }
    EXPECT_EQ(names(*made("{type: simple_cnn, activation: " + activation + "}")), expected);
  }
  EXPECT_THAT(names(*made("{type: sequential, activation: prelu, layers: [{type: conv, bias: false}, "
                          "batch_norm, activation, max_pool, flatten, linear]}")),
              ElementsAre("layers.0.weight", "layers.1.weight", "layers.1.bias", "layers.2.weight",
                          "layers.5.weight", "layers.5.bias", "layers.1.running_mean", "layers.1.running_var",
                          "layers.1.num_batches_tracked"));
}

TEST(Model, AnswersForItsLayers) {
  const auto model = made(
      "{type: sequential, activation: tanh, layers: [{type: conv, channels: 4, bias: false}, batch_norm, "
      "activation, max_pool, flatten, activation, linear]}");
  const auto& layers = model->layers();
  ASSERT_EQ(layers.size(), 7U);
  const auto tensors = model->named_parameters();
  for (size_t i = 0; i < layers.size(); ++i) {
    const BuiltLayer& layer = layers[i];
    EXPECT_EQ(layer.name, "layers." + std::to_string(i));
    EXPECT_EQ(layer.convolution, i == 0);
    EXPECT_EQ(layer.mixes_batch, i == 1);
    EXPECT_EQ(layer.max_pool, i == 3);
    EXPECT_EQ(layer.activation != nullptr, i == 2 || i == 5);
    EXPECT_EQ(layer.weight.defined(), i == 0 || i == 6);
    EXPECT_EQ(layer.bias.defined(), i == 6);
  }
  EXPECT_EQ(layers[0].weight.data_ptr(), tensors["layers.0.weight"].data_ptr());
  EXPECT_EQ(layers[6].bias.data_ptr(), tensors["layers.6.bias"].data_ptr());
  EXPECT_TRUE(model->convolutional());
  ASSERT_EQ(model->hidden().size(), 2U);
  EXPECT_EQ(model->hidden()[0].name, "layers.2");
  EXPECT_EQ(model->hidden()[0].source, "layers.0");
  EXPECT_EQ(model->hidden()[0].fan_in(), 9);
  EXPECT_EQ(model->hidden()[1].weight_name(), "");
  EXPECT_FALSE(made("mlp")->convolutional());
}

TEST(Model, NamesOfLayersMayHaveLevels) {
  const std::vector<NamedLayer> layers = {
      {"flatten", FlattenLayer{}},
      {"block.fc1", LinearLayer{.units = {3}}},
      {"block.inner.act", ActivationLayer{{"prelu", {}}}},
      {"block.inner.fc", LinearLayer{.units = {3}}},
      {"fc", LinearLayer{.units = {2}}},
  };
  const Model model({.layers = layers}, {1, 1, 4});
  EXPECT_THAT(names(model),
              testing::ElementsAre("block.fc1.weight", "block.fc1.bias", "block.inner.act.weight",
                                   "block.inner.fc.weight", "block.inner.fc.bias", "fc.weight", "fc.bias"));
  EXPECT_EQ(model.hidden().at(0).weight_name(), "block.fc1.weight");
  EXPECT_EQ(model.layers()[3].name, "block.inner.fc");
}

TEST(Model, AnObserverDoesNotChangeABit) {
  class Nothing : public ActivationObserver {
    void observe(const Activation&, const torch::Tensor&, const torch::Tensor&) override {}
  };
  for (const char* yaml :
       {"binary_classifier", "simple_cnn", "{type: mlp, hidden: [8, 8], activation: gelu}"}) {
    const auto plain = made(yaml);
    const auto watched = made(yaml);
    Nothing observer;
    for (const auto& layer : watched->hidden()) layer.activation->attach(&observer);
    const auto x = torch::randn({4, 1, 28, 28});
    const auto a = plain->forward(x);
    const auto b = watched->forward(x);
    EXPECT_TRUE(a.equal(b)) << yaml;
    a.sum().backward();
    b.sum().backward();
    for (size_t i = 0; i < plain->parameters().size(); ++i) {
      EXPECT_TRUE(plain->parameters()[i].grad().equal(watched->parameters()[i].grad())) << yaml;
    }
  }
}

// Mean and standard deviation of the first layer's weights, 784 inputs and 400 outputs.
std::pair<double, double> moments(const std::string& init) {
  const auto model = made("{type: mlp, hidden: 400, init: " + init + "}");
  const auto w = model->parameters()[0];
  return {w.mean().item<double>(), w.std().item<double>()};
}

TEST(Init, WeightsHaveTheTextbookSpread) {
  const double in = 784, out = 400;
  const std::vector<std::pair<std::string, double>> expected = {
      {"default", 1 / std::sqrt(3 * in)},
      {"he_normal", std::sqrt(2 / in)},
      {"he_uniform", std::sqrt(2 / in)},
      {"xavier_normal", std::sqrt(2 / (in + out))},
      {"xavier_uniform", std::sqrt(2 / (in + out))},
      {"lecun_normal", std::sqrt(1 / in)},
      {"orthogonal", std::sqrt(1 / in)},
      {"{type: he_normal, gain: 3}", 3 / std::sqrt(in)},
      {"{type: he_uniform, gain: 3}", 3 / std::sqrt(in)},
      {"{type: xavier_normal, gain: 1.4}", 1.4 * std::sqrt(2 / (in + out))},
      {"{type: xavier_uniform, gain: 1.4}", 1.4 * std::sqrt(2 / (in + out))},
      {"{type: lecun_normal, gain: 0.5}", 0.5 * std::sqrt(1 / in)},
      {"{type: orthogonal, gain: 2}", 2 * std::sqrt(1 / in)},
      {"{type: normal, std: 0.3}", 0.3},
      {"{type: truncated_normal, std: 0.3}", 0.3 * 0.8796},
  };
  for (const auto& [init, std] : expected) {
    const auto [mean, measured] = moments(init);
    EXPECT_NEAR(measured, std, 0.02 * std) << init;
    EXPECT_NEAR(mean, 0, 0.02 * std) << init;
  }
}

TEST(Init, AGainIsKeptOnlyWhereItIsGiven) {
  const auto init = [](const std::string& yaml) {
    return init_of(resolved_model("{type: mlp, init: " + yaml + "}"));
  };
  EXPECT_EQ(init("{type: he_normal, gain: 1.5}").gain, 1.5);
  EXPECT_FALSE(init("he_normal").gain);
  // Textbook gains are those that are taken without one.
  EXPECT_EQ(moments("he_normal"), moments("{type: he_normal, gain: 1.4142135623730951}"));
  EXPECT_EQ(moments("xavier_normal"), moments("{type: xavier_normal, gain: 1}"));
}

// What theory is told of a layer is what its weights are.
TEST(Init, TheSpreadThatTheoryIsToldIsTheSpreadThatIsDrawn) {
  for (const std::string yaml : {"{type: he_normal, gain: 3}", "{type: xavier_uniform, gain: 0.5}",
                                 "{type: orthogonal, gain: 2}", "rai", "{type: rai, gain: 2, bias: zero}"}) {
    const std::string text = "{type: mlp, hidden: [3000, 300], init: " + yaml + "}";
    const auto model = made(text, {1, 1, 20});
    for (const auto& layer : layer_inits(*model, init_of(resolved_model(text)))) {
      const double second =
          layer.weight.square().mean().item<double>() * static_cast<double>(layer.weight.size(1));
      // The ten units of the last layer are too few for the one large weight that each of them has.
      if (layer.name != "fc3" || yaml.find("rai") == std::string::npos) {
        EXPECT_NEAR(second, layer.weight_variance, 0.1 * second) << yaml << " " << layer.name;
      }
      if (layer.name != "fc1") continue;
      EXPECT_NEAR(layer.bias.square().mean().item<double>(), layer.bias_second, 0.1 * layer.bias_second)
          << yaml;
    }
  }
}

// Lu et al. 2019, section 4: of the weights and the bias of each unit one, whichever, is from Beta(2, 1),
// which has the distribution function x^2 and the mean 2/3; the others are N(0, 0.6007^2 / fan-in).
TEST(Init, RandomisedAsymmetricHasOneEntryAUnitFromABetaDistribution) {
  constexpr int64_t kUnits = 20000;
  const auto model = made("{type: mlp, hidden: 20000, init: {type: rai, gain: 0.001}}", {1, 1, 7});
  const auto parameters = model->parameters();
  const torch::Tensor both = at::cat({parameters[0], parameters[1].unsqueeze(1)}, 1);
  // Beside normal numbers so small the one shows.
  const auto [largest, place] = both.max(1);
  EXPECT_GT(at::bincount(place, {}, 8).min().item<int64_t>(), kUnits / 8 - 300);
  EXPECT_NEAR(largest.mean().item<double>(), 2.0 / 3, 0.01);
  EXPECT_LE(largest.max().item<double>(), 1);
  for (const double x : {0.25, 0.5, 0.75}) {
    EXPECT_NEAR((largest < x).to(torch::kFloat64).mean().item<double>(), x * x, 0.015) << x;
  }
  const torch::Tensor others = both.scatter(1, place.unsqueeze(1), 0.0);
  EXPECT_NEAR(others.square().sum().item<double>() / (7 * kUnits), 1e-6 / 7, 0.03e-6 / 7);

  const auto usual = made("{type: mlp, hidden: 20000, init: rai}", {1, 1, 100});
  EXPECT_NEAR(usual->parameters()[0].median().item<double>(), 0, 0.001);
  // Convolutions, and layers without biases, are drawn alike.
  const auto convolution = made(
      "{type: sequential, layers: [{type: conv, channels: 500, kernel: 2, bias: false}, flatten, linear], "
      "init: "
      "{type: rai, gain: 0.001}}",
      {1, 2, 2});
  const double chosen =
      (convolution->parameters()[0].flatten(1).amax(1) > 0.01).to(torch::kFloat64).mean().item<double>();
  EXPECT_NEAR(chosen, 0.8, 0.06);
}

TEST(Init, BiasesStartAsAsked) {
  const auto bias = [](const std::string& how) {
    return made("{type: mlp, init: {type: default, bias: " + how + "}}")->parameters()[1];
  };
  EXPECT_EQ(bias("zero").abs().max().item<float>(), 0);
  EXPECT_TRUE((bias("{type: constant, value: 0.5}") == 0.5).all().item<bool>());
  EXPECT_NEAR(bias("{type: normal, std: 2}").std().item<double>(), 2, 0.5);
  EXPECT_GT(bias("default").abs().max().item<float>(), 0);
}

TEST(Registry, MistakesInAModelSectionAreNamed) {
  for (const auto& [yaml, named] : std::vector<std::pair<std::string, std::string>>{
           {"{type: mpl}", "mlp"},
           {"{type: mlp, hiden: 3}", "hidden"},
           {"{type: mlp, hidden: 0}", "hidden"},
           {"{type: mlp, activation: {type: elu, alfa: 1}}", "alpha"},
           {"{type: mlp, activation: {alpha: 1}}", "type"},
           {"{type: mlp, activation: {type: leaky_relu, negative_slope: steep}}", "negative_slope"},
           {"{type: mlp, init: he}", "he_normal"},
           {"{type: mlp, init: {type: he_normal, std: 1}}", "std"},
           {"{type: mlp, init: {type: he_normal, gain: 0}}", "init.gain"},
           {"{type: mlp, init: {type: normal, gain: 2}}", "init.gain"},
           {"{type: mlp, init: {type: default, bias: {type: constant, std: 1}}}", "value"},
           {"{type: sequential, layers: [{type: conv, chanels: 3}]}", "channels"},
           {"{type: sequential, layers: [convolution]}", "conv"},
           {"{type: simple_cnn, output: sigmoid}", "log_softmax"}}) {
    EXPECT_THAT(model_refusal(yaml), testing::HasSubstr(named)) << yaml;
  }
}

}  // namespace
}  // namespace actlab
