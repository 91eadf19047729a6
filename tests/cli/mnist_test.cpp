#include "cli/run_actlab.h"

// Trains the tutorial's models on real MNIST, which scripts/test fetches.
namespace actlab::test {
namespace {

Outcome train(const TemporaryFolder& folder, const std::string& config,
              const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"train", kConfigs + config, "--json",
                                        "run.root=" + (folder / "runs").string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_actlab(folder, arguments);
}

// Nothing is found in the network as the config begins it, nor in what was trained.
void expect_healthy(const TemporaryFolder& folder, const std::string& config, const std::string& checkpoint) {
  for (const std::string& subject : {kConfigs + config, checkpoint}) {
    const Outcome outcome = run_actlab(folder, {"diagnose", subject, "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const nlohmann::json verdicts = outcome.json()["verdicts"];
    ASSERT_EQ(verdicts.size(), 1U) << subject << verdicts;
    EXPECT_EQ(verdicts[0]["name"], "healthy") << subject << verdicts;
  }
}

TEST(MnistSlow, TheClassifierTellsOddFromEvenOverFiveSeeds) {
  const TemporaryFolder folder;
  double sum = 0;
  for (int seed = 1; seed <= 5; ++seed) {
    const Outcome outcome = train(folder, "mnist_binary.yaml", {"seed=" + std::to_string(seed)});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_GE(outcome.json()["test_accuracy"], 0.98) << "seed " << seed;
    sum += outcome.json()["test_accuracy"].get<double>();
    if (seed == 1) expect_healthy(folder, "mnist_binary.yaml", outcome.json()["checkpoint"]);
  }
  EXPECT_GE(sum / 5, 0.984);
}

TEST(MnistSlow, SimpleCnnReadsDigits) {
  const TemporaryFolder folder;
  const Outcome outcome = train(folder, "mnist_cnn.yaml");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_GE(outcome.json()["test_accuracy"], 0.986);
  const std::string best = outcome.json()["checkpoint"];
  EXPECT_EQ(run_actlab(folder, {"evaluate", best, "--require", "accuracy>=0.986"}).status, 0);
  expect_healthy(folder, "mnist_cnn.yaml", best);

  const Outcome digits =
      run_actlab(folder, {"predict", best, ACTLAB_SOURCE_DIR "/data/mnist/t10k-images-idx3-ubyte"});
  ASSERT_EQ(digits.status, 0) << digits.err;
  EXPECT_EQ(std::count(digits.out.begin(), digits.out.end(), '\n'), 10000);
  EXPECT_NE(digits.out.find("\t0\t7\t"), std::string::npos) << "the first test image is a seven";
}

}  // namespace
}  // namespace actlab::test
