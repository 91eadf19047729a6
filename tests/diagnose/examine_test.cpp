#include "diagnose/examine.h"

#include <gmock/gmock.h>
#include <torch/optim/sgd.h>
#include <torch/utils.h>

#include "app/catalogue.h"
#include "core/test_support.h"
#include "models/registry.h"

namespace actlab::test {
namespace {

using torch::Tensor;

constexpr int64_t kClasses = 3;

std::shared_ptr<Model> made(const std::string& yaml, const InputShape& input = {1, 1, 12}) {
  Problems problems;
  const Node given = parse_yaml_value(yaml, problems, "model");
  const Node model = resolve_component(given, model_section().types, ReadContext{"model", problems});
  problems.throw_if_any();
  torch::manual_seed(3);
  auto made = make_model(model, input, kClasses);
  made->to(torch::kFloat64);
  return made;
}

Tensor cross_entropy(const Tensor& output, const Tensor& labels) {
  return at::cross_entropy_loss(output, labels);
}

// Normal inputs in double.
struct Examples {
  explicit Examples(int64_t count = 300, const std::vector<int64_t>& shape = {1, 1, 12}) {
    torch::manual_seed(5);
    std::vector<int64_t> sizes = {count};
    sizes.insert(sizes.end(), shape.begin(), shape.end());
    inputs = torch::randn(sizes, torch::kFloat64);
    labels = torch::randint(kClasses, {count}, torch::kInt64);
  }
  ExaminedSet set() const {
    return {inputs.size(0), [this](int64_t first, int64_t n) {
              return std::pair{inputs.slice(0, first, first + n), labels.slice(0, first, first + n)};
            }};
  }
  Tensor inputs, labels;
};

Examination examined(Model& model, const Examples& examples = Examples()) {
  return examine(model, cross_entropy, examples.set());
}

TEST(Examine, DeltaAndItsRatioAreThoseOfBackpropagationByHand) {
  const auto model = made("{type: mlp, hidden: [6, 5], activation: [tanh, sigmoid]}");
  const Examples examples;
  const auto p = model->named_parameters();
  const Tensor x = examples.inputs.flatten(1);
  const Tensor h1 = at::tanh(at::linear(x, p["fc1.weight"], p["fc1.bias"]));
  const Tensor h2 = at::sigmoid(at::linear(h1, p["fc2.weight"], p["fc2.bias"]));
  const Tensor logits = at::linear(h2, p["fc3.weight"], p["fc3.bias"]);
  const Tensor d3 = at::softmax(logits, 1) - at::one_hot(examples.labels, kClasses);
  const Tensor d2 = at::matmul(d3, p["fc3.weight"]) * h2 * (1 - h2);
  const Tensor d1 = at::matmul(d2, p["fc2.weight"]) * (1 - h1 * h1);

  const Examination e = examined(*model, examples);
  EXPECT_EQ(e.examples, 300);
  ASSERT_EQ(e.layers.size(), 2U);
  EXPECT_NEAR(e.layers[0].delta, d1.square().mean().sqrt().item<double>(), 1e-14);
  EXPECT_NEAR(e.layers[1].delta, d2.square().mean().sqrt().item<double>(), 1e-14);
  EXPECT_NEAR(e.layers[0].delta_ratio, (d1.norm() / d2.norm()).item<double>(), 1e-12);
  EXPECT_TRUE(std::isnan(e.layers[1].delta_ratio));
  const Tensor gradient = at::matmul(d1.t(), x) / 300;
  EXPECT_NEAR(e.layers[0].weight_norm, p["fc1.weight"].norm().item<double>(), 1e-12);
  EXPECT_NEAR(e.layers[0].gradient_ratio, (gradient.norm() / p["fc1.weight"].norm()).item<double>(), 1e-12);
  EXPECT_NEAR(e.layers[0].weight_gradient, gradient.norm().item<double>(), 1e-14);
  // Of the mean over examples, which is the gradient of the biases.
  EXPECT_NEAR(e.layers[0].mean_delta, d1.mean(0).norm().item<double>(), 1e-14);
  EXPECT_NEAR(e.layers[1].bias_gradient, d2.mean(0).norm().item<double>(), 1e-14);
  ASSERT_TRUE(e.output);
  EXPECT_EQ(e.output->layer, "output");
  EXPECT_EQ(e.output->weight, "fc3.weight");
  EXPECT_EQ(e.output->units, kClasses);
  EXPECT_NEAR(e.output->delta, d3.square().mean().sqrt().item<double>(), 1e-14);
  EXPECT_NEAR(e.output->mean_delta, d3.mean(0).norm().item<double>(), 1e-14);
  EXPECT_NEAR(e.output->bias_gradient, d3.mean(0).norm().item<double>(), 1e-14);
  EXPECT_NEAR(e.output->weight_gradient, (at::matmul(d3.t(), h2) / 300).norm().item<double>(), 1e-14);
  const Tensor unit_means = h1.mean(0);
  for (int64_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(e.layers[0].unit_means.at(static_cast<size_t>(i)), unit_means[i].item<double>(), 1e-12);
  }
  // PyTorch's median is the lower of the two in the middle.
  EXPECT_NEAR(e.layers[1].unit_means_median, h2.mean(0).median().item<double>(), 1e-12);
  EXPECT_NEAR(e.layers[0].mean, h1.mean().item<double>(), 1e-12);
  EXPECT_NEAR(e.layers[1].std, h2.std(/*unbiased=*/false).item<double>(), 1e-12);
  EXPECT_GT(e.seconds, 0);
  EXPECT_EQ(e.layers[0].weight, "fc1.weight");
  EXPECT_EQ(e.layers[0].fan_in, 12);
}

// Each is in the middle of a training that the examinations must not change.
const std::vector<std::pair<std::string, std::vector<int64_t>>>& all_kinds() {
  static const std::vector<std::pair<std::string, std::vector<int64_t>>> models = {
      {"{type: mlp, hidden: [8, 8], activation: [prelu, gelu]}", {1, 1, 12}},
      {"{type: simple_cnn, activation: relu, output: logits}", {1, 8, 8}},
      {"{type: sequential, activation: [elu, tanh], layers: [{type: conv, channels: 4}, batch_norm, "
       "activation, max_pool, flatten, {type: dropout, p: 0.3}, {type: linear, units: 6}, activation, "
       "linear]}",
       {1, 8, 8}},
      {"{type: mlp, hidden: [8], activation: softmax}", {1, 1, 12}},
  };
  return models;
}

// The weights and buffers after a few steps, examined in between or not.
std::vector<Tensor> trained(const std::string& yaml, const std::vector<int64_t>& shape, bool watched) {
  const auto model = made(yaml, {shape[0], shape[1], shape[2]});
  const Examples examples(60, shape);
  torch::optim::SGD optimizer(model->parameters(), 0.1);
  torch::manual_seed(11);
  model->train();
  for (int step = 0; step < 4; ++step) {
    if (watched) examined(*model, examples);
    optimizer.zero_grad();
    cross_entropy(model->forward(examples.inputs), examples.labels).backward();
    if (watched) examined(*model, examples);
    optimizer.step();
  }
  EXPECT_TRUE(model->is_training());
  std::vector<Tensor> tensors = model->parameters();
  for (const auto& buffer : model->buffers()) tensors.push_back(buffer);
  return tensors;
}

TEST(Examine, TrainingGoesOnAsIfItHadNotHappened) {
  for (const auto& [yaml, shape] : all_kinds()) {
    const auto plain = trained(yaml, shape, false);
    const auto watched = trained(yaml, shape, true);
    for (size_t i = 0; i < plain.size(); ++i) EXPECT_TRUE(plain[i].equal(watched[i])) << yaml << " " << i;
  }
}

TEST(Examine, MeasuresEveryKindOfModel) {
  for (const auto& [yaml, shape] : all_kinds()) {
    const auto model = made(yaml, {shape[0], shape[1], shape[2]});
    for (const auto& layer : examined(*model, Examples(40, shape)).layers) {
      EXPECT_GT(layer.units, 0) << yaml;
      EXPECT_GT(layer.fan_in, 0) << yaml;
      EXPECT_GT(layer.pre_std, 0) << yaml;
      EXPECT_GT(layer.delta, 0) << yaml;
      EXPECT_GT(layer.gradient_ratio, 0) << yaml;
      EXPECT_GE(layer.one_sign_examples, 0) << yaml;
      EXPECT_EQ(std::isnan(layer.flat()), layer.activation == "softmax") << yaml;
      const bool piecewise = layer.activation == "relu" || layer.activation == "prelu";
      EXPECT_EQ(std::isnan(layer.off), !piecewise) << yaml;
      EXPECT_EQ(layer.learned.count("weight"), layer.activation == "prelu" ? 1U : 0U) << yaml;
    }
  }
}

// Channels are units: the mean is over examples and positions, the gradient of a bias a sum over positions.
TEST(Examine, OfAConvolutionMeanDeltaIsTheGradientOfItsBiasesUnlessBatchNormComesBetween) {
  const Examples examples(40, {1, 8, 8});
  const auto cnn = made("{type: simple_cnn, activation: tanh, output: logits}", {1, 8, 8});
  const Examination plain = examined(*cnn, examples);
  for (const auto& layer : plain.layers) {
    EXPECT_GT(layer.bias_gradient, 0);
    EXPECT_EQ(static_cast<int64_t>(layer.unit_means.size()), layer.units);
  }
  EXPECT_NEAR(plain.output->mean_delta, plain.output->bias_gradient, 1e-14);
  const auto normed = made(
      "{type: sequential, activation: tanh, layers: [{type: conv, channels: 4}, batch_norm, activation, "
      "flatten, "
      "{type: linear, bias: false}]}",
      {1, 8, 8});
  const Examination e = examined(*normed, examples);
  EXPECT_GT(e.layers[0].mean_delta, 0);
  EXPECT_TRUE(std::isnan(e.output->bias_gradient));
  EXPECT_GT(e.output->mean_delta, 0);
}

TEST(Examine, NamesUnitsThatWereKilled) {
  for (const auto& [yaml, shape, name] :
       std::vector<std::tuple<std::string, std::vector<int64_t>, std::string>>{
           {"{type: mlp, hidden: [20, 20], activation: [tanh, ACT]}", {1, 1, 12}, "fc2.bias"},
           {"{type: simple_cnn, activation: [tanh, ACT], output: logits}", {1, 8, 8}, "conv2.bias"}}) {
    for (const std::string activation : {"relu", "leaky_relu", "sigmoid"}) {
      std::string filled = yaml;
      filled.replace(filled.find("ACT"), 3, activation);
      const auto model = made(filled, {shape[0], shape[1], shape[2]});
      {
        const torch::NoGradGuard no_grad;
        Tensor bias = model->named_parameters()[name];
        for (const int64_t unit : {2, 7, 11}) bias[unit] = -1e3;
      }
      const auto layers = examined(*model, Examples(40, shape)).layers;
      EXPECT_THAT(layers[0].dead_units, testing::IsEmpty()) << filled;
      if (activation == "leaky_relu") {
        EXPECT_THAT(layers[1].dead_units, testing::IsEmpty()) << filled;
        EXPECT_EQ(layers[1].dead, 0);
      } else {
        EXPECT_EQ(layers[1].layer, "act2");
        EXPECT_THAT(layers[1].dead_units, testing::ElementsAre(2, 7, 11)) << filled;
      }
    }
  }
}

TEST(Examine, HalfOfReluIsZeroAndNoneOfItsNeighbours) {
  for (const auto& [activation, zeros] :
       std::vector<std::pair<std::string, double>>{{"relu", 0.5}, {"leaky_relu", 0}, {"tanh", 0}}) {
    const auto model =
        made("{type: mlp, hidden: 200, activation: " + activation + ", init: {type: he_normal, bias: zero}}");
    const auto layer = examined(*model).layers.at(0);
    EXPECT_NEAR(layer.zeros, zeros, 0.02) << activation;
    EXPECT_EQ(layer.dead, 0) << activation;
  }
}

TEST(Examine, OfCreluEveryPairHasOneZeroAndEveryUnitResponds) {
  const auto model = made("{type: mlp, hidden: [50, 50], activation: crelu}");
  for (const auto& layer : examined(*model).layers) {
    EXPECT_EQ(layer.zeros, 0.5);
    EXPECT_EQ(layer.units, 100);
  }
  EXPECT_EQ(examined(*model).layers[1].fan_in, 100);
}

// The inputs of the second layer are outputs of the first: all positive after sigmoid and relu, so that every
// gradient of a unit's weights has the sign of its delta.
TEST(Examine, OneSidedOutputsMakeGradientsOfOneSign) {
  for (const auto& [activation, share] :
       std::vector<std::pair<std::string, double>>{{"sigmoid", 1}, {"relu", 1}, {"tanh", 0}}) {
    const auto model = made("{type: mlp, hidden: [100, 50], activation: " + activation + "}");
    const auto layers = examined(*model).layers;
    EXPECT_EQ(layers[0].one_sign_examples, 0) << activation;  // normal inputs
    EXPECT_EQ(layers[1].one_sign_examples, share) << activation;
    EXPECT_LT(layers[0].one_sign_batch, 0.1) << activation;
  }
}

TEST(Examine, TanhIsCentredAndSigmoidIsNot) {
  const auto tanh = made("{type: mlp, hidden: 100, activation: tanh, init: lecun_normal}");
  const auto sigmoid = made("{type: mlp, hidden: 100, activation: sigmoid, init: lecun_normal}");
  EXPECT_LT(examined(*tanh).layers[0].centredness, 0.1);
  EXPECT_GT(examined(*sigmoid).layers[0].centredness, 1);
}

TEST(Examine, ADeepSigmoidNetKeepsItsSmallestGradients) {
  const auto model = made("{type: mlp, hidden: [" + [] {
    std::string widths = "20";
    for (int i = 1; i < 50; ++i) widths += ", 20";
    return widths;
  }() + "], activation: sigmoid}");
  const auto layers = examined(*model, Examples(20)).layers;
  EXPECT_GT(layers[0].delta, 0);
  EXPECT_LT(layers[0].delta, 1e-38);
  EXPECT_GT(layers[0].delta_ratio, 0.05);
}

TEST(Examine, OutputsThatAreNotFiniteLeaveGradientsUndefined) {
  const auto model = made("{type: mlp, hidden: 4, activation: identity}");
  {
    const torch::NoGradGuard no_grad;
    model->named_parameters()["fc2.bias"].fill_(NAN);
  }
  const auto layer = examined(*model).layers.at(0);
  EXPECT_TRUE(std::isnan(layer.delta));
  EXPECT_GT(layer.pre_std, 0);
}

TEST(UpdateRatio, IsTheStepOverTheWeights) {
  const auto model = made("{type: mlp, hidden: 4, activation: relu}");
  const UpdateRatio update(*model);
  {
    const torch::NoGradGuard no_grad;
    model->named_parameters()["fc1.weight"].mul_(1.01);
  }
  Examination e = examined(*model);
  EXPECT_TRUE(std::isnan(e.layers[0].update_ratio));
  add_update_ratios(e, update.measure());
  EXPECT_NEAR(e.layers[0].update_ratio, 0.01, 1e-9);
}

}  // namespace
}  // namespace actlab::test
