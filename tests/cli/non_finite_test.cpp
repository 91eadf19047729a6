#include <gmock/gmock.h>

#include "cli/run_here.h"
#include "data/data_files.h"
#include "data/split.h"

namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

// Forty 4x4 pictures, dark and less dark, of which two of the test (7 and 8) are bright: there exp(x)
// overflows, and nowhere else.
class NonFiniteNumbers : public testing::Test {
 protected:
  NonFiniteNumbers() {
    put_pictures("train", {});
    put_pictures("test", {7, 8});
    put_text(folder_ / "c.yaml",
             "device: cpu\nthreads: 1\n"
             "data: {type: idx, train_images: train-x, train_labels: train-y, test_images: test-x, "
             "test_labels: test-y, normalize: {mean: 0, std: 0.001}}\n"
             "model: {type: mlp, hidden: 8, activation: {formula: \"exp(x) - exp(0 - x)\"}}\n"
             "loss: cross_entropy\noptimizer: {type: sgd, lr: 1e-6}\n"
             "train: {epochs: 1, batch_size: 10}\nrun: {root: runs}\n");
  }

  void put_pictures(const std::string& name, const std::vector<size_t>& bright) const {
    Bytes pixels, labels;
    for (size_t i = 0; i < 40; ++i) {
      const bool is_bright = std::ranges::find(bright, i) != bright.end();
      pixels.insert(pixels.end(), 16, is_bright ? 255 : static_cast<uint8_t>(i % 2));
      labels.push_back(static_cast<uint8_t>(i % 2));
    }
    put_bytes(folder_ / (name + "-x"), idx_header(0x803, {40, 4, 4}) + pixels);
    put_bytes(folder_ / (name + "-y"), idx_labels(labels));
  }

  Outcome run(std::vector<std::string> arguments) const {
    arguments.push_back("--json");
    return run_actlab(folder_, arguments);
  }
  std::string config() const { return folder_ / "c.yaml"; }

  const std::string kWhere =
      "test data: 2 of 40 examples have outputs or losses that are NaN or Inf, the first is "
      "example 7 (counted from 0)";
  TemporaryFolder folder_;
};

TEST_F(NonFiniteNumbers, OfTheTestDataAreNoResult) {
  const Outcome train = run({"train", config()});
  EXPECT_EQ(train.status, 4);
  EXPECT_EQ(train.out, "");
  EXPECT_THAT(train.err, HasSubstr(kWhere));
  EXPECT_FALSE(fs::exists(folder_ / "runs/c/summary.json"));
  EXPECT_THAT(text_of(folder_ / "runs/c/report.html"), HasSubstr("2 of 40 examples"));

  const std::string checkpoint = folder_ / "runs/c/checkpoints/best.safetensors";
  const Outcome evaluate = run({"evaluate", checkpoint, "--require", "accuracy>=0.1"});
  EXPECT_EQ(evaluate.status, 4);
  EXPECT_EQ(evaluate.out, "");
  EXPECT_THAT(evaluate.err, HasSubstr(kWhere));
  EXPECT_EQ(run({"evaluate", checkpoint, "--split", "train"}).status, 0);

  const Outcome predict = run({"predict", checkpoint, folder_ / "test-x"});
  EXPECT_EQ(predict.status, 4);
  EXPECT_THAT(predict.err, HasSubstr("2 of 40"));
  EXPECT_THAT(predict.out, testing::Not(HasSubstr("null")));
  std::istringstream lines(predict.out);
  std::string line;
  for (int i = 0; std::getline(lines, line); ++i) {
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json.contains("error"), i == 7 || i == 8) << line;
    EXPECT_NE(json.contains("class"), json.contains("error")) << line;
  }
}

TEST_F(NonFiniteNumbers, OfBinaryCrossEntropyToo) {
  const Outcome train = run({"train", config(), "model.type=binary_classifier", "model.hidden=8",
                             "model.activation={formula: \"exp(x) - exp(0 - x)\"}", "loss=bce"});
  EXPECT_EQ(train.status, 4);
  EXPECT_THAT(train.err, HasSubstr(kWhere));
}

TEST_F(NonFiniteNumbers, OfTheValidationDataAreNoResult) {
  // The seed that holds out both of the bright ones.
  std::vector<int64_t> labels;
  for (int64_t i = 0; i < 40; ++i) labels.push_back(i % 2);
  const auto held_out = [&](int64_t seed) {
    const auto rows = validation_rows(labelled(labels, 2), 20, seed);
    return std::ranges::count_if(rows, [](int64_t row) { return row == 7 || row == 8; });
  };
  int64_t seed = 1;
  while (held_out(seed) < 2) ++seed;
  const Outcome train = run({"train", config(), "data.validation=20", "seed=" + std::to_string(seed),
                             "data.train_images=" + (folder_ / "test-x").string()});
  EXPECT_EQ(train.status, 4);
  EXPECT_THAT(train.err, HasSubstr("the validation data after epoch 1: 2 of 20 examples"));
}

TEST_F(NonFiniteNumbers, CountAsADivergedRunInAComparison) {
  const Outcome compare = run({"compare", config(), "--activations",
                               "relu,{formula: \"exp(x) - exp(0 - x)\"}", "--seeds", "2", "--jobs", "1"});
  ASSERT_EQ(compare.status, 0) << compare.err;
  const auto rows = compare.json()["rows"];
  EXPECT_EQ(rows[0]["activation"], "relu");
  EXPECT_EQ(rows[0]["diverged"], 0);
  EXPECT_EQ(rows[1]["diverged"], 2);
  EXPECT_TRUE(rows[1]["test_accuracy"]["mean"].is_null());
  EXPECT_THAT(rows[1]["runs"][0]["diverged"].get<std::string>(), HasSubstr(kWhere));
}

TEST_F(NonFiniteNumbers, AreDiagnosedAndTold) {
  const Outcome diagnose = run(
      {"diagnose", config(), "data.train_images=" + (folder_ / "test-x").string(), "model.hidden=[8, 8, 8]"});
  EXPECT_EQ(diagnose.status, 4);
  EXPECT_THAT(diagnose.err, HasSubstr("training data looked at"));
  EXPECT_EQ(diagnose.json()["verdicts"][0]["name"], "not_finite");
}

}  // namespace
}  // namespace actlab::test
