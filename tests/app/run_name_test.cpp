#include "app/run_name.h"

#include <gtest/gtest.h>

namespace actlab::test {
namespace {

std::string name_of(const std::vector<std::string>& overrides,
                    const std::string& file = "configs/mnist_cnn.yaml") {
  return run_name(Config{}, file, overrides);
}

TEST(RunName, SaysWhatWasOverridden) {
  EXPECT_EQ(name_of({}), "mnist_cnn");
  EXPECT_EQ(name_of({"model.activation=elu"}), "mnist_cnn-elu");
  EXPECT_EQ(name_of({"model.activation={type: leaky_relu, negative_slope: 0.2}"}),
            "mnist_cnn-leaky_relu-0.2");
  EXPECT_EQ(name_of({"optimizer.lr=0.01"}), "mnist_cnn-lr-0.01");
  EXPECT_EQ(name_of({"optimizer={type: sgd, lr: 0.1}"}), "mnist_cnn-sgd-0.1");
  EXPECT_EQ(name_of({"seed=2"}), "mnist_cnn-seed-2");
  EXPECT_EQ(name_of({"model.hidden=[64, 32]"}), "mnist_cnn-hidden-64-32");
  EXPECT_EQ(name_of({"train.shuffle=false"}), "mnist_cnn-shuffle-false");
  EXPECT_EQ(name_of({"data.root=/data/fashion-mnist"}), "mnist_cnn-fashion-mnist");
  EXPECT_EQ(name_of({"model.activation=x * sigmoid(1.702 * x)"}), "mnist_cnn-x_sigmoid_1.702_x");
}

TEST(RunName, HowLongAndWhereItRunsDoesNotCount) {
  EXPECT_EQ(name_of({"train.epochs=2", "run.root=/tmp/x", "run={root: y}", "threads=1", "device=cpu",
                     "checkpoint.every={steps: 3}", "diagnose.examples=0"}),
            "mnist_cnn");
  EXPECT_EQ(name_of({"train={epochs: 2, batch_size: 50}"}), "mnist_cnn-batch_size-50");
}

TEST(RunName, IsTheSameForTheSameOverrides) {
  EXPECT_EQ(name_of({"optimizer.lr=0.01", "model.activation=elu"}),
            name_of({"model.activation=elu", "optimizer.lr=0.01"}));
  EXPECT_EQ(name_of({"seed=1", "seed=2"}), name_of({"seed=2"}));
}

TEST(RunName, OneThatIsGivenStays) {
  Config config;
  config.run.name = "mine";
  EXPECT_EQ(run_name(config, "a.yaml", {"seed=2"}), "mine");
}

TEST(RunName, IsSafeAndBounded) {
  const std::string much = "model.activation=" + std::string(300, 'x');
  const std::string long_name = name_of({much});
  EXPECT_LE(long_name.size(), 100U);
  EXPECT_NE(long_name, name_of({much + "y"}));
  EXPECT_LE(name_of({"seed=2"}, std::string(200, 'a') + ".yaml").size(), 100U);
  for (const std::string& name : {name_of({"model.activation=../../x y\u00e9'$(rm)"}),
                                  name_of({"data.root=/"}), name_of({}, ".sp ace.yaml")}) {
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"),
              std::string::npos)
        << name;
    EXPECT_NE(name[0], '.');
  }
  EXPECT_EQ(name_of({}, ".sp ace.yaml"), "_.sp_ace");
}

}  // namespace
}  // namespace actlab::test
