// Checkpoints with a right digest that no run has written: refused by whatever reads one, before anything is
// changed.
#include <gmock/gmock.h>
#include <torch/utils.h>

#include <cmath>
#include <cstdint>

#include "checkpoint/forge.h"
#include "cli/run_here.h"

namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using torch::Tensor;

// A finished run of 2 epochs with 5 batches each, on 48 examples.
class Forged : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    put_text(config(),
             "device: cpu\nthreads: 1\n"
             "data: {type: synthetic, shape: [1, 4, 4], classes: 3, examples: 60, test_examples: 20, "
             "validation: 12}\n"
             "model: {type: sequential, layers: [{type: conv, channels: 2}, batch_norm, activation, flatten, "
             "linear]}\n"
             "loss: cross_entropy\noptimizer: {type: adam, lr: 0.01, amsgrad: true}\n"
             "train: {epochs: 2, batch_size: 10}\nrun: {root: runs, name: forged}\n");
    ASSERT_EQ(run_actlab(*folder_, {"train", config()}).status, 0);
    fs::copy(last(), original());
  }
  static void TearDownTestSuite() { delete folder_; }

  static fs::path config() { return *folder_ / "forged.yaml"; }
  static fs::path run() { return *folder_ / "runs/forged"; }
  static fs::path last() { return run() / "checkpoints/last.safetensors"; }
  static fs::path original() { return *folder_ / "original.safetensors"; }

  // The last checkpoint, changed so, is refused, and the run stays as it is.
  static void refuses_to_resume(const std::string& what, const std::function<void(Checkpoint&)>& change) {
    forge(original(), last(), change);
    const auto before = contents(run());
    for (const char* epochs : {"train.epochs=2", "train.epochs=4"}) {
      const Outcome outcome = run_here({"train", config(), epochs, "--resume", "last"});
      EXPECT_EQ(outcome.status, 1) << what << outcome.err;
      EXPECT_THAT(outcome.err, HasSubstr("last.safetensors")) << what;
      EXPECT_THAT(outcome.err, testing::Not(HasSubstr("json.exception"))) << what;
      EXPECT_THAT(outcome.err, testing::Not(HasSubstr("Exception raised from"))) << what;
    }
    EXPECT_EQ(contents(run()), before) << what;
  }

  static void every_reader_refuses(const std::string& what, const std::function<void(Checkpoint&)>& change) {
    const fs::path file = *folder_ / "other.safetensors";
    forge(original(), file, change);
    for (const auto& command : std::vector<std::vector<std::string>>{
             {"evaluate", file}, {"predict", file, "none.png"}, {"diagnose", file}}) {
      const Outcome outcome = run_here(command);
      EXPECT_EQ(outcome.status, 1) << command[0] << ": " << what << outcome.err;
      EXPECT_THAT(outcome.err, HasSubstr("other.safetensors")) << what;
      EXPECT_EQ(outcome.out, "");
    }
  }

  static TemporaryFolder* folder_;
};

TemporaryFolder* Forged::folder_ = nullptr;

TEST_F(Forged, TrainingStatesAreRefusedSlow) {
  const auto good = json::parse(load_checkpoint(original()).state);
  int forged = 0;
  const auto try_value = [&](const std::string& key, const json& value) {
    refuses_to_resume(key + " = " + value.dump(), [&](Checkpoint& checkpoint) {
      forge_state(checkpoint, [&](json& state) { state[key] = value; });
    });
    ++forged;
  };
  const std::vector<json> numbers = {-1,          1.5,           1e18,           7,    11,
                                     10000000000, INT64_MAX,     UINT64_MAX,     "1",  nullptr,
                                     true,        json::array(), json::object(), 1e300};
  for (const char* key : {"epoch", "step", "batch", "examples", "best_epoch", "data_fingerprint",
                          "class_names", "shape", "train_losses", "watched"}) {
    for (const auto& value : numbers) try_value(key, value);
    refuses_to_resume(std::string("without ") + key, [&](Checkpoint& checkpoint) {
      forge_state(checkpoint, [&](json& state) { state.erase(key); });
    });
    refuses_to_resume(std::string(key) + " twice", [&](Checkpoint& checkpoint) {
      checkpoint.state.insert(1, "\"" + std::string(key) + "\":" + good[key].dump() + ",");
    });
    forged += 2;
  }
  for (const auto& [key, values] : std::map<std::string, std::vector<std::string>>{
           {"epoch", {"0", "1", "3"}},
           {"step", {"0", "1", "8", "9", "12"}},
           {"batch", {"1", "4", "5", "6"}},
           {"examples", {"1", "10", "48", "60"}},
           {"best_epoch", {"0", "3"}},
           {"loss_sum", {"-1", "0.5", "1e300", "\"x\"", "null", "true", "[]"}},
           {"train_losses", {"[1]", "[1,2,3]", "[1,1e300]", "[1,null]", "[1,\"2\"]", "[[1,2]]"}},
           {"watched", {"[1]", "[1,2,3]", "[-1e300,1]", "[null,1]", "[\"1\",2]"}},
           {"shape",
            {"[1,4]", "[1,4,4,4]", "[0,4,4]", "[1,4,5]", "[2,4,4]", "[1,16,1]", "[1,-4,-4]", "[1,4.0,4]"}},
           {"class_names", {"[\"0\",\"1\"]", "[\"0\",\"1\",\"2\",\"3\"]", "[\"0\",\"1\",\"x\"]", "[0,1,2]"}},
           {"data_fingerprint", {"\"\"", "\"abc\"", "\"" + std::string(64, 'g') + "\""}},
           {"more", {"1"}}}) {
    for (const auto& value : values) try_value(key, json::parse(value));
  }
  for (const std::string text : {"", "[]", "7", "{", "{}", "null", "{\"epoch\":1e999}"}) {
    refuses_to_resume("'" + text + "'", [&](Checkpoint& checkpoint) { checkpoint.state = text; });
    every_reader_refuses("'" + text + "'", [&](Checkpoint& checkpoint) { checkpoint.state = text; });
    ++forged;
  }
  EXPECT_GE(forged, 200);
}

// A shape that makes a model larger than memory is refused before it is built.
TEST_F(Forged, AShapeThatTheWeightsDoNotHaveIsRefused) {
  for (const char* shape : {"[1, 16384, 16384]", "[3, 4, 4]", "[1, 1, 1]"}) {
    every_reader_refuses(shape, [&](Checkpoint& checkpoint) {
      forge_state(checkpoint, [&](json& state) { state["shape"] = json::parse(shape); });
    });
  }
}

TEST_F(Forged, TensorsAreRefusedSlow) {
  const Checkpoint good = load_checkpoint(original());
  int forged = 0;
  const auto refuse = [&](const std::string& what, const std::function<void(Checkpoint&)>& change) {
    refuses_to_resume(what, change);
    every_reader_refuses(what, change);
    ++forged;
  };
  const auto set = [&](size_t i, const std::string& what, const std::function<Tensor(Tensor)>& change) {
    refuse(good.tensors[i].first + " " + what, [&](Checkpoint& checkpoint) {
      checkpoint.tensors[i].second = change(checkpoint.tensors[i].second);
    });
  };
  const auto with_last = [](double value) {
    return [value](Tensor tensor) {
      tensor.view(-1)[-1] = value;
      return tensor;
    };
  };
  for (size_t i = 0; i < good.tensors.size(); ++i) {
    const auto& [name, tensor] = good.tensors[i];
    refuse(name + " missing",
           [&](Checkpoint& c) { c.tensors.erase(c.tensors.begin() + static_cast<long>(i)); });
    refuse(name + " renamed", [&](Checkpoint& c) { c.tensors[i].first += "x"; });
    set(i, "longer", [](const Tensor& t) { return at::cat({t.view(-1), t.view(-1)}); });
    set(i, "in double", [](const Tensor& t) { return t.to(torch::kFloat64); });
    if (tensor.is_floating_point()) {
      for (const double value : {NAN, INFINITY, -INFINITY}) set(i, std::to_string(value), with_last(value));
    }
    const bool never_negative = name.ends_with("_sq") || name.ends_with("running_var") ||
                                name == "data.std" || name.ends_with("num_batches_tracked") ||
                                name == "optimizer.step";
    if (never_negative) set(i, "below 0", with_last(-1));
    if (name == "data.std") set(i, "0", with_last(0));
    if (name == "optimizer.step") set(i, "of another step", with_last(3));
    if (name == "random.cpu") set(i, "of zeros", [](const Tensor& t) { return at::zeros_like(t); });
  }
  for (const char* extra : {"model.extra", "optimizer.extra", "data.extra", "random.cuda", "extra", "model."})
    refuse(extra, [&](Checkpoint& c) { c.tensors.emplace_back(extra, at::zeros({2})); });
  EXPECT_GE(forged, 100);
}

TEST_F(Forged, ADamagedConfigIsNoMistakeOfTheUsers) {
  for (const char* text : {"", "model: 5\n", "nonsense", "train: {epochs: -1}\n"}) {
    every_reader_refuses(text, [&](Checkpoint& checkpoint) { checkpoint.config = text; });
    refuses_to_resume(text, [&](Checkpoint& checkpoint) { checkpoint.config = text; });
  }
}

}  // namespace
}  // namespace actlab::test
