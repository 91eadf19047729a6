// Sees of actlab what a program that embeds it sees: the public headers and the shared library.
#include <actlab/actlab.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>
#include <torch/version.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

const std::string kSmall = R"(
seed: 3
device: cpu
data: {type: synthetic, shape: [1, 8, 8], classes: 3, examples: 300, test_examples: 60, validation: 30}
model: {type: mlp, hidden: [16], activation: elu}
loss: cross_entropy
train: {epochs: 2, batch_size: 30}
)";

class Library : public testing::Test {
 protected:
  Library() {
    std::string name = (fs::temp_directory_path() / "actlab-library-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    actlab::set_log_handler(
        [this](actlab::LogLevel level, std::string_view message) { messages_.emplace_back(level, message); });
  }
  ~Library() override {
    actlab::set_log_handler({});
    fs::remove_all(folder_);
  }

  actlab::TrainingConfig small() const {
    return actlab::TrainingConfig::from_text(kSmall, {"run.root=" + folder_.string()});
  }

  fs::path folder_;
  std::vector<std::pair<actlab::LogLevel, std::string>> messages_;
};

std::string message_of(const std::function<void()>& body, actlab::ExitStatus status) {
  try {
    body();
  } catch (const actlab::Error& error) {
    EXPECT_EQ(error.status(), status) << error.what();
    return error.what();
  }
  return "";
}

TEST_F(Library, TrainsEvaluatesAndPredicts) {
  const auto run = actlab::train(small());
  EXPECT_EQ(run.epochs, 2);
  EXPECT_FALSE(run.stopped);
  EXPECT_EQ(run.headline.name, "accuracy");
  EXPECT_GT(run.headline.value, 0.6);
  EXPECT_TRUE(fs::exists(run.run_dir / "metrics.jsonl"));
  EXPECT_FALSE(messages_.empty());

  const auto test = actlab::evaluate(run.checkpoint);
  EXPECT_EQ(test.headline.value, run.headline.value);
  EXPECT_EQ(test.loss, run.test_loss);
  EXPECT_EQ(test.examples, 60);
  EXPECT_EQ(test.figures.at("accuracy"), test.headline.value);
  EXPECT_EQ(test.confusion.size(), 3);
  EXPECT_EQ(actlab::evaluate(run.checkpoint, "validation").examples, 30);

  const auto model = actlab::load_model(run.checkpoint);
  EXPECT_FALSE(model->is_training());
  EXPECT_THAT(model->input_shape(), ElementsAre(1, 8, 8));
  EXPECT_EQ(model->class_names().size(), 3);
  EXPECT_THAT(model->named_parameters().keys(), Contains("model.fc1.weight"));
  const torch::Tensor images = torch::randint(256, {5, 1, 8, 8}, torch::kUInt8);
  const torch::Tensor probabilities = model->predict(images);
  EXPECT_THAT(probabilities.sizes().vec(), ElementsAre(5, 3));
  EXPECT_TRUE(torch::allclose(probabilities.sum(1), torch::ones(5)));
  const torch::Tensor output = model->forward(model->normalized(images));
  EXPECT_TRUE(output.requires_grad());
  EXPECT_TRUE(torch::allclose(output.softmax(1), probabilities, 1e-5, 1e-6));
}

TEST_F(Library, TellsOfEachEpoch) {
  std::vector<actlab::EpochResult> epochs;
  const auto run = actlab::train(small(), {.on_epoch = [&](const auto& epoch) { epochs.push_back(epoch); }});
  ASSERT_EQ(epochs.size(), 2);
  EXPECT_EQ(epochs[1].epoch, 2);
  EXPECT_EQ(epochs[1].train_loss, run.train_loss);
  EXPECT_TRUE(epochs[0].best);
  ASSERT_TRUE(epochs[1].validation);
  EXPECT_EQ(epochs[1].validation->name, "accuracy");
}

TEST_F(Library, StopsWhenAskedAndGoesOnTheSame) {
  int steps = 0;
  const auto stopped = actlab::train(small(), {.stop = [&] { return ++steps > 12; }});
  EXPECT_TRUE(stopped.stopped);
  EXPECT_EQ(stopped.epochs, 1);
  EXPECT_TRUE(std::isnan(stopped.headline.value));
  const auto resumed = actlab::train(small(), {.resume = stopped.run_dir.string()});
  EXPECT_EQ(resumed.run_dir, stopped.run_dir);
  EXPECT_FALSE(resumed.stopped);
  const auto whole = actlab::load_model(actlab::train(small()).last_checkpoint)->parameters();
  const auto parts = actlab::load_model(resumed.last_checkpoint)->parameters();
  for (size_t i = 0; i < whole.size(); ++i) EXPECT_TRUE(torch::equal(whole[i], parts[i]));
}

TEST_F(Library, PassesOnWhatTheCallerThrows) {
  EXPECT_THROW(actlab::train(small(), {.on_epoch = [](const auto&) { throw std::logic_error("mine"); }}),
               std::logic_error);
}

TEST_F(Library, TrainsTheSameAgain) {
  const auto first = actlab::load_model(actlab::train(small()).checkpoint)->parameters();
  const auto second = actlab::load_model(actlab::train(small()).checkpoint)->parameters();
  ASSERT_EQ(first.size(), second.size());
  for (size_t i = 0; i < first.size(); ++i) EXPECT_TRUE(torch::equal(first[i], second[i]));
}

TEST_F(Library, LeavesTheNumberOfThreadsWhereItOnlyReads) {
  const auto run = actlab::train(actlab::TrainingConfig::from_text(
      kSmall, {"threads=1", "train.epochs=1", "run.root=" + folder_.string()}));
  at::set_num_threads(2);
  actlab::load_model(run.checkpoint);
  EXPECT_EQ(at::get_num_threads(), 2);
  at::set_num_threads(1);
}

TEST_F(Library, TellsAllMistakesOfAConfig) {
  const std::string message = message_of(
      [] { actlab::TrainingConfig::from_text(kSmall, {"model.activation=rleu", "optimzer.lr=1"}); },
      actlab::ExitStatus::kUsage);
  EXPECT_THAT(message, HasSubstr("did you mean 'relu'?"));
  EXPECT_THAT(message, HasSubstr("did you mean 'optimizer'?"));
}

TEST_F(Library, ReadsConfigFiles) {
  const auto config =
      actlab::TrainingConfig::from_file(ACTLAB_SOURCE_DIR "/configs/mnist_cnn.yaml", {"train.epochs=7"});
  EXPECT_THAT(config.yaml(), HasSubstr("epochs: 7"));
  EXPECT_THAT(config.yaml(), HasSubstr("name: mnist_cnn"));
  EXPECT_THAT(
      message_of([] { actlab::TrainingConfig::from_file("/nowhere.yaml"); }, actlab::ExitStatus::kUsage),
      HasSubstr("/nowhere.yaml"));
}

TEST_F(Library, RefusesWhatDoesNotFit) {
  const auto run = actlab::train(small());
  EXPECT_THAT(message_of([&] { actlab::evaluate(run.checkpoint, "tset"); }, actlab::ExitStatus::kUsage),
              HasSubstr("did you mean 'test'?"));
  const auto model = actlab::load_model(run.checkpoint);
  EXPECT_THAT(message_of([&] { model->predict(torch::zeros({1, 1, 28, 28})); }, actlab::ExitStatus::kData),
              HasSubstr("[1, 8, 8]"));
  EXPECT_NE(message_of([&] { actlab::load_model(run.run_dir / "config.yaml"); }, actlab::ExitStatus::kFailed),
            "");
}

TEST_F(Library, ActivationsAreModules) {
  torch::nn::Sequential net(torch::nn::Linear(4, 8), actlab::make_activation("{type: elu, alpha: 0.5}"),
                            torch::nn::Linear(8, 1),
                            actlab::make_activation("{formula: x * sigmoid(b * x), parameters: "
                                                    "{b: {init: 1.0, learn: true}}}"));
  EXPECT_EQ(net->parameters().size(), 5) << "two layers and a learned parameter";
  net->forward(torch::randn({3, 4})).sum().backward();
  for (const auto& parameter : net->parameters()) EXPECT_TRUE(parameter.grad().defined());
  EXPECT_EQ(actlab::make_activation("{type: elu, alpha: 0.5}")->description(), "elu(alpha=0.5)");
  EXPECT_THAT(actlab::list_activations(), Contains("gelu"));
  EXPECT_THAT(message_of([] { actlab::make_activation("rleu"); }, actlab::ExitStatus::kUsage),
              HasSubstr("relu"));
}

TEST_F(Library, FormulasHaveExactDerivatives) {
  const actlab::ScalarFormula formula("x * sigmoid(b * x)", {{"b", 2.0}});
  const double s = 1 / (1 + std::exp(-2.0));
  EXPECT_NEAR(formula(1), s, 1e-12);
  EXPECT_NEAR(formula.derivative(1), s + 2 * s * (1 - s), 1e-12);
  EXPECT_EQ(actlab::ScalarFormula(formula.derivative_text(), {{"b", 2.0}})(1), formula.derivative(1));
  EXPECT_THAT(message_of([] { actlab::ScalarFormula("x * sigmoyd(x)"); }, actlab::ExitStatus::kUsage),
              HasSubstr("at character 5"));
}

TEST_F(Library, SaysItsVersion) {
  EXPECT_STREQ(actlab::version(), ACTLAB_VERSION_STRING);
  EXPECT_EQ(std::to_string(TORCH_VERSION_MAJOR) + "." + std::to_string(TORCH_VERSION_MINOR),
            ACTLAB_LIBTORCH_RELEASE);
}

}  // namespace
