#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "cli/run_here.h"
#include "models/init.h"
#include "models/registry.h"

namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Runs of a moment.
const std::vector<std::string> kTiny = {"data.examples=300", "train.epochs=1"};

class Compare : public testing::Test {
 protected:
  std::vector<std::string> command(const std::string& activations,
                                   const std::vector<std::string>& more = {}) {
    std::vector<std::string> all = {"compare", config_, "--activations", activations, "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Outcome compare(const std::string& activations, std::vector<std::string> more = {}) {
    more.insert(more.end(), kTiny.begin(), kTiny.end());
    return run_actlab(folder_, command(activations, more));
  }
  // Waits until so many runs have ended, and one more has saved something.
  void wait_until_ended(int runs) const {
    const auto under_way = [&] {
      int ended = 0;
      bool saved = false;
      std::error_code error;
      for (const auto& run : fs::directory_iterator(begun_, error)) {
        const bool summary = fs::exists(run.path() / "summary.json");
        if (summary) ++ended;
        saved |= !summary && fs::exists(run.path() / "checkpoints/last.safetensors");
      }
      return ended >= runs && saved;
    };
    for (int i = 0; i < 3000 && !under_way(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ASSERT_TRUE(under_way());
  }
  // Processes that train in this folder.
  int trainings() const {
    int count = 0;
    for (const auto& process : fs::directory_iterator("/proc")) {
      const std::string command = text_of(process.path() / "cmdline");
      if (command.find(folder_.path().string()) != std::string::npos &&
          command.find("train") != std::string::npos)
        ++count;
    }
    return count;
  }

  TemporaryFolder folder_;
  fs::path config_ = small_config(folder_);
  fs::path begun_ = folder_ / "runs/small-compare";
};

// What does not depend on the speed of the machine.
json timeless(const json& result) {
  json rows = result["rows"];
  for (auto& row : rows) row.erase("seconds_per_epoch");
  return rows;
}

TEST_F(Compare, EqualComparisonsHaveEqualRowsAndNeverOverwrite) {
  const Outcome first = compare("relu,{type: elu, alpha: 0.5}", {"--seeds", "2"});
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(std::count(first.out.begin(), first.out.end(), '\n'), 1);
  const json result = first.json();
  ASSERT_EQ(result["rows"].size(), 2U);
  EXPECT_EQ(result["seeds"], json::parse("[7, 8]"));
  EXPECT_EQ(result["epochs"], 1);
  EXPECT_EQ(result["config"], config_.string());
  EXPECT_EQ(result["directory"], begun_.string());
  json stored = json::parse(text_of(begun_ / "compare.json"));
  stored.erase("plan");
  EXPECT_EQ(stored, result);
  EXPECT_NE(text_of(begun_ / "table.md").find("elu(alpha=0.5)"), std::string::npos);
  for (const char* run : {"relu-seed7", "relu-seed8", "elu_alpha_0.5-seed7", "elu_alpha_0.5-seed8"}) {
    EXPECT_TRUE(fs::exists(begun_ / run / "summary.json")) << run;
  }
  const Outcome second = compare("relu,{type: elu, alpha: 0.5}", {"--seeds", "2"});
  ASSERT_EQ(second.status, 0) << second.err;
  EXPECT_EQ(second.json()["directory"], begun_.string() + "-2");
  EXPECT_EQ(timeless(second.json()), timeless(result));
}

// A run of the comparison is what train alone gives.
TEST_F(Compare, RunsAreThoseOfTrain) {
  ASSERT_EQ(compare("relu", {"--seeds", "2"}).status, 0);
  std::vector<std::string> alone = {"train", config_, "model.activation=relu", "seed=8", "run.name=small"};
  alone.insert(alone.end(), kTiny.begin(), kTiny.end());
  ASSERT_EQ(run_actlab(folder_, alone).status, 0);
  EXPECT_EQ(text_of(begun_ / "relu-seed8/checkpoints/last.safetensors"),
            text_of(folder_ / "runs/small/checkpoints/last.safetensors"));
}

TEST_F(Compare, OneSeedLeavesNullsAndSaysSo) {
  const Outcome outcome = compare("relu,tanh", {"--seeds", "1", "--baseline", "tanh"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json result = outcome.json();
  EXPECT_EQ(result["baseline"], "tanh");
  for (const auto& row : result["rows"]) {
    EXPECT_TRUE(row["test_accuracy"]["mean"].is_number());
    EXPECT_TRUE(row["test_accuracy"]["ci95"].is_null() && row["p_holm"].is_null());
    EXPECT_EQ(row["difference"].is_null(), row["activation"] == "tanh");
  }
  EXPECT_NE(result["notes"].dump().find("One seed"), std::string::npos);
}

TEST_F(Compare, TheTableIsForPeople) {
  std::vector<std::string> arguments = {"compare", config_, "--activations", "relu,tanh", "--seeds", "2"};
  arguments.insert(arguments.end(), kTiny.begin(), kTiny.end());
  const Outcome outcome = run_actlab(folder_, arguments);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  for (const char* word : {"activation", "tanh", "±", "s/epoch", "The data chose the baseline"}) {
    EXPECT_NE(outcome.out.find(word), std::string::npos) << word << outcome.out;
  }
  EXPECT_NE(outcome.err.find("4 of 4 done"), std::string::npos) << outcome.err;
}

TEST_F(Compare, AnActivationThatDivergesIsARow) {
  const std::vector<std::string> wild = {"--seeds",
                                         "2",
                                         "schedule=constant",
                                         "optimizer={type: sgd, lr: 1e6}",
                                         "model={type: mlp, hidden: [8, 8, 8]}",
                                         "train.epochs=1",
                                         "data.examples=300"};
  const Outcome outcome = run_actlab(folder_, command("tanh,identity", wild));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json rows = outcome.json()["rows"];
  EXPECT_EQ(rows[0]["activation"], "tanh");
  EXPECT_EQ(rows[0]["diverged"], 0);
  EXPECT_EQ(rows[1]["diverged"], 2);
  EXPECT_TRUE(rows[1]["test_accuracy"]["mean"].is_null());
  EXPECT_TRUE(rows[1]["runs"][0]["diverged"].is_string());
  EXPECT_NE(outcome.json()["notes"].dump().find("identity: 2 of 2"), std::string::npos);
  auto again = wild;
  again.emplace_back("--resume");
  const Outcome resumed = run_actlab(folder_, command("tanh,identity", again));
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(resumed.err.find("seed"), resumed.err.rfind("seeds:"))
      << "runs were tried again: " << resumed.err;
  EXPECT_EQ(timeless(resumed.json()), timeless(outcome.json()));
}

TEST_F(Compare, MistakesAreToldBeforeAnythingIsRun) {
  struct Mistake {
    std::string activations;
    std::vector<std::string> more;
    std::string named;
  };
  const std::vector<Mistake> mistakes = {
      {"rellu,tanh", {}, "relu"},
      {"elu,{type: elu, alpha: 1}", {}, "the same"},
      {"relu", {"--seeds", "0"}, "--seeds"},
      {"relu", {"--jobs", "0"}, "--jobs"},
      {"relu,tanh", {"--baseline", "tahn"}, "tanh"},
      {"relu", {"threads=2"}, "threads=2"},
      {"relu", {"model.activation=tanh"}, "model.activation"},
      {"relu,tanh", {"model={type: mlp, hidden: []}"}, "no hidden activation"},
      {"relu", {"seed=9223372036854775807"}, "seed"},
  };
  for (const auto& [activations, more, named] : mistakes) {
    const Outcome outcome = run_here(command(activations, more));
    EXPECT_EQ(outcome.status, 2) << named << outcome.err;
    EXPECT_NE(outcome.err.find(named), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(run_here({"compare", config_}).status, 2);
  EXPECT_EQ(run_here(command("relu", {"data={type: mnist, root: nowhere}"})).status, 3);
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
}

TEST_F(Compare, InterruptedItGoesOnWhereItStopped) {
  const std::vector<std::string> plain = {"--seeds", "2", "--jobs", "2"};
  const Outcome whole = run_actlab(folder_, command("relu,tanh", {"--seeds", "2", "run.name=straight"}));
  ASSERT_EQ(whole.status, 0) << whole.err;
  std::vector<std::string> resume = plain;
  resume.emplace_back("--resume");
  {
    const Started started(folder_, command("relu,tanh", plain));
    wait_until_ended(1);
    started.signal(SIGINT);
    const Outcome stopped = started.wait();
    EXPECT_EQ(stopped.status, 130);
    EXPECT_NE(stopped.err.find("--resume"), std::string::npos) << stopped.err;
    EXPECT_EQ(stopped.json()["rows"], json::array());
    EXPECT_EQ(trainings(), 0);
  }
  {
    const Started started(folder_, command("relu,tanh", resume));
    wait_until_ended(2);
    started.signal(SIGKILL);
    started.wait();
    for (int i = 0; i < 500 && trainings() > 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(trainings(), 0) << "they live on without the comparison";
  }
  std::vector<std::pair<fs::path, fs::file_time_type>> finished;
  for (const auto& run : fs::directory_iterator(begun_)) {
    const fs::path summary = run.path() / "summary.json";
    if (fs::exists(summary)) finished.emplace_back(summary, fs::last_write_time(summary));
  }
  const Outcome outcome = run_actlab(folder_, command("relu,tanh", resume));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(timeless(outcome.json()), timeless(whole.json()));
  for (const auto& [summary, time] : finished) EXPECT_EQ(fs::last_write_time(summary), time) << summary;
  EXPECT_FALSE(fs::exists(folder_ / "runs/small-compare-2"));
}

TEST_F(Compare, ResumeRefusesAnotherPlanByName) {
  ASSERT_EQ(compare("relu,tanh", {"--seeds", "1"}).status, 0);
  for (const auto& [activations, more, named] :
       std::vector<std::tuple<std::string, std::vector<std::string>, std::string>>{
           {"relu,elu", {"--seeds", "1"}, "--activations"},
           {"relu,tanh", {"--seeds", "2"}, "--seeds"},
           {"relu,tanh", {"--seeds", "1", "optimizer.lr=0.1"}, "optimizer.lr"},
           {"relu,tanh", {"--seeds", "1", "seed=8"}, "seed"}}) {
    auto with_resume = more;
    with_resume.emplace_back("--resume");
    const Outcome outcome = compare(activations, with_resume);
    EXPECT_EQ(outcome.status, 2) << named;
    EXPECT_NE(outcome.err.find(named), std::string::npos) << outcome.err;
  }
  const Outcome same = compare("relu,tanh", {"--seeds", "1", "--resume", "--baseline", "relu"});
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_EQ(same.json()["baseline"], "relu");
}

TEST_F(Compare, ResumeWithoutAComparisonStartsOne) {
  const Outcome outcome = compare("relu", {"--seeds", "1", "--resume"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(fs::exists(begun_ / "compare.json"));
}

TEST_F(Compare, ARunThatFailsEndsItWithItsMessage) {
  ASSERT_EQ(compare("relu,tanh", {"--seeds", "1"}).status, 0);
  fs::remove(begun_ / "tanh-seed7/summary.json");
  for (const auto& checkpoint : fs::directory_iterator(begun_ / "tanh-seed7/checkpoints")) {
    std::string bytes = text_of(checkpoint.path());
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    put_text(checkpoint.path(), bytes);
  }
  const Outcome outcome = compare("relu,tanh", {"--seeds", "1", "--resume"});
  EXPECT_EQ(outcome.status, 1);
  for (const char* word : {"tanh, seed 7", "none of its checkpoints is whole", "--resume"}) {
    EXPECT_NE(outcome.err.find(word), std::string::npos) << outcome.err;
  }
}

TEST_F(Compare, ASecondOneInTheSamePlaceIsRefused) {
  const TemporaryFolder other;
  const Started first(other, command("relu", {"--seeds", "1", "train.epochs=100000"}));
  wait_until_ended(0);
  const Outcome second =
      run_actlab(folder_, command("relu", {"--seeds", "1", "train.epochs=100000", "--resume"}));
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait().status, 143);
  EXPECT_EQ(second.status, 1);
  EXPECT_NE(second.err.find("in use"), std::string::npos) << second.err;
}

// The weights and biases of a network before training.
std::vector<torch::Tensor> first_weights(const std::string& activation, int64_t seed,
                                         const std::string& init) {
  Problems problems;
  const std::string text = "{type: mlp, hidden: [16, 8], init: " + init + ", activation: " + activation + "}";
  const Node model = resolve_component(parse_yaml_value(text, problems, "model"), model_section().types,
                                       {"model", problems});
  problems.throw_if_any();
  torch::manual_seed(seed);
  std::vector<torch::Tensor> found;
  for (const auto& parameter : make_model(model, {1, 4, 4}, 3)->named_parameters()) {
    if (parameter.key().starts_with("fc")) found.push_back(parameter.value().detach());
  }
  return found;
}

constexpr std::array kActivations = {"sigmoid", "prelu", "{type: elu, alpha: 0.5}"};

// Common random numbers: the first weights depend on the seed, not on the activation.
TEST(CommonRandomNumbers, EqualSeedsDrawEqualWeightsForAllActivations) {
  const auto equal = [](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return x.equal(y); });
  };
  for (const char* init : {"default", "he_normal", "orthogonal"}) {
    const auto reference = first_weights("relu", 3, init);
    EXPECT_EQ(reference.size(), 6U);
    for (const char* activation : kActivations) {
      EXPECT_TRUE(equal(first_weights(activation, 3, init), reference)) << init << activation;
    }
    EXPECT_FALSE(equal(first_weights("relu", 4, init), reference)) << init;
  }
}

// With a gain for each activation, they are the same draws on another scale.
TEST(CommonRandomNumbers, AGainScalesTheSameDraws) {
  const auto reference = first_weights("relu", 3, "auto");
  for (const char* activation : kActivations) {
    const auto weights = first_weights(activation, 3, "auto");
    ASSERT_EQ(weights.size(), reference.size());
    for (size_t i = 0; i < weights.size(); ++i) {
      if (weights[i].dim() < 2) continue;
      const auto ratio = weights[i].norm() / reference[i].norm();
      EXPECT_TRUE(weights[i].allclose(ratio * reference[i], 1e-5, 1e-7)) << activation << i;
    }
  }
}

}  // namespace
}  // namespace actlab::test
