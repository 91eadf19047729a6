#include <gmock/gmock.h>

#include <cmath>

#include "cli/run_here.h"

namespace actlab::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::filesystem::path deep_config(const TemporaryFolder& folder, const std::string& activation = "sigmoid") {
  std::string widths = "100";
  for (int i = 1; i < 30; ++i) widths += ", 100";
  put_text(
      folder / "deep.yaml",
      "device: cpu\nthreads: 1\n"
      "data: {type: synthetic, shape: [30], classes: 4, examples: 2000, test_examples: 40, validation: 400}\n"
      "model: {type: mlp, hidden: [" +
          widths + "], activation: " + activation +
          "}\nloss: cross_entropy\noptimizer: {type: adam, lr: 0.001}\nrun: {root: runs}\n");
  return folder / "deep.yaml";
}

json diagnosed(const TemporaryFolder& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "diagnose");
  arguments.emplace_back("--json");
  const Outcome outcome = run_actlab(folder, arguments);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return outcome.status == 0 ? outcome.json() : json();
}

TEST(Diagnose, SaysWhyThirtySigmoidLayersDoNotTrain) {
  const TemporaryFolder folder;
  const json result = diagnosed(folder, {deep_config(folder)});
  ASSERT_EQ(result["layers"].size(), 30U);
  const json middle = result["layers"][15];
  EXPECT_NEAR(middle["predicted"]["delta_ratio"].get<double>(), 0.1414, 0.001);
  EXPECT_NEAR(middle["delta_ratio"].get<double>() / middle["predicted"]["delta_ratio"].get<double>(), 1, 0.2);
  EXPECT_LT(result["layers"][0]["delta"].get<double>(), 1e-20);
  EXPECT_GT(result["layers"][0]["delta"].get<double>(), 0);
  EXPECT_NEAR(result["theory"]["vanishing_depth"].get<double>(), 8.2, 0.2);
  EXPECT_EQ(result["verdicts"][0]["name"], "vanishing");
  EXPECT_EQ(result["verdicts"][0]["layers"][0], "act1");
  EXPECT_TRUE(result["tried"].empty());
}

TEST(Diagnose, TriesRemediesAndRanksOneThatTrainsFirst) {
  const TemporaryFolder folder;
  const json tried = diagnosed(folder, {deep_config(folder), "--try", "--steps", "150"})["tried"];
  ASSERT_GE(tried.size(), 3U);
  EXPECT_FALSE(tried[0]["untouched"].get<bool>());
  EXPECT_GT(tried[0]["accuracy"].get<double>(), 0.6);
  EXPECT_GT(tried[0]["gain"].get<double>(), 0.3);
  for (const auto& trial : tried) EXPECT_GT(trial["seconds"].get<double>(), 0);
}

TEST(Diagnose, IsTheSameEveryTimeAndChangesWithOverrides) {
  const TemporaryFolder folder;
  const std::string config = deep_config(folder);
  json first = diagnosed(folder, {config, "model.hidden=[20, 20]", "model.activation=tanh"});
  json again = diagnosed(folder, {config, "model.hidden=[20, 20]", "model.activation=tanh"});
  first.erase("seconds");
  again.erase("seconds");
  EXPECT_EQ(first, again);
  EXPECT_EQ(first["layers"].size(), 2U);
  EXPECT_EQ(first["verdicts"][0]["name"], "healthy");
}

TEST(Diagnose, LooksAtAsManyExamplesAsAreAskedFor) {
  const TemporaryFolder folder;
  const std::string config = deep_config(folder);
  for (const int examples : {1, 2, 37}) {
    const json result =
        diagnosed(folder, {config, "model.hidden=[20]", "diagnose.examples=" + std::to_string(examples)});
    EXPECT_EQ(result["examples"], examples);
    EXPECT_EQ(result["layers"][0]["dead"].is_null(), examples == 1);  // one example tells no unit dead
  }
}

// ELU alone vanishes at this depth: theory says so, and offers it from the critical point.
TEST(Diagnose, OffersNothingThatCannotWorkAloneAtThatDepth) {
  const TemporaryFolder folder;
  const json verdicts = diagnosed(folder, {deep_config(folder)})["verdicts"];
  bool offered = false;
  for (const auto& verdict : verdicts) {
    for (const auto& remedy : verdict["remedies"]) {
      EXPECT_NE(remedy["overrides"], json({"model.activation=elu"}));
      offered = offered || remedy["overrides"] == json({"model.activation=elu", "model.init=auto"});
    }
  }
  EXPECT_TRUE(offered) << verdicts;
}

TEST(Diagnose, ANetworkThatStartsDeadIsToBecomeWiderOrLeaky) {
  const TemporaryFolder folder;
  json result;
  for (int seed = 1; seed < 20 && (result.is_null() || result["verdicts"][0]["name"] != "dead_network");
       ++seed) {
    result = diagnosed(folder, {deep_config(folder, "relu"), "model.hidden=[2, 2, 2, 2, 2]",
                                "seed=" + std::to_string(seed), "diagnose.examples=50"});
  }
  EXPECT_NEAR(result["theory"]["dead_probability"].get<double>(), 1 - std::pow(0.75, 5), 1e-12);
  const json verdict = result["verdicts"][0];
  ASSERT_EQ(verdict["name"], "dead_network");
  EXPECT_EQ(verdict["remedies"][0]["overrides"][0], "model.hidden=[9, 9, 9, 9, 9]");
  EXPECT_THAT(verdict["remedies"][1]["overrides"][0].get<std::string>(), HasSubstr("leaky_relu"));
  EXPECT_THAT(verdict.dump(), testing::Not(HasSubstr("optimizer.lr")));
}

// What the config promises to those who read it.
TEST(Diagnose, TheDeepConfigListsTheFirstRemediesInTheirOrder) {
  const TemporaryFolder folder;
  const std::string text = text_of(kConfigs + "deep_sigmoid.yaml");
  const json verdict = diagnosed(folder, {deep_config(folder)})["verdicts"][0];
  size_t place = 0;
  for (const auto& remedy : verdict["remedies"]) {
    std::string line = "actlab train configs/deep_sigmoid.yaml";
    for (const std::string override : remedy["overrides"]) line += " " + override;
    place = text.find(line + "\n", place);
    ASSERT_NE(place, std::string::npos) << line;
  }
}

TEST(Diagnose, LooksAtACheckpointAsItIs) {
  const TemporaryFolder folder;
  ASSERT_EQ(run_actlab(folder, {"train", small_config(folder), "train.epochs=1"}).status, 0);
  const std::string checkpoint = folder / "runs/small/checkpoints/best.safetensors";
  const json result = diagnosed(folder, {checkpoint});
  EXPECT_TRUE(result["theory"].is_null());
  EXPECT_GT(result["layers"][0]["delta"].get<double>(), 0);
  EXPECT_TRUE(result["layers"][0]["learned"].contains("weight"));
  const Outcome text = run_actlab(folder, {"diagnose", checkpoint, "--try", "--steps", "2"});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("as it is"));
}

TEST(Diagnose, RefusesWhatItCannotRead) {
  const TemporaryFolder folder;
  put_text(folder / "damaged.safetensors", "x");
  put_text(folder / "empty.yaml", "");
  const std::string config = deep_config(folder);
  for (const auto& [arguments, status, named] :
       std::vector<std::tuple<std::vector<std::string>, int, std::string>>{
           {{"nowhere.yaml"}, 2, "nowhere.yaml"},
           {{folder / "damaged.safetensors"}, 1, "damaged.safetensors"},
           {{folder / "nowhere.safetensors"}, 1, "nowhere.safetensors"},
           {{folder / "empty.yaml"}, 2, "empty.yaml"},
           {{folder.path()}, 1, "without a checkpoint"},
           {{config, "--try", "--steps", "0"}, 2, "--steps"},
           {{config, "--try", "--steps", "many"}, 2, "--steps"},
           {{config, "--steps", "5"}, 2, "--try"},
           {{config, "diagnose.examples=0"}, 2, "diagnose.examples=500"},
           {{config, "model.activation=sigmoit"}, 2, "sigmoid"}}) {
    std::vector<std::string> all = arguments;
    all.insert(all.begin(), "diagnose");
    const Outcome outcome = run_here(all);
    EXPECT_EQ(outcome.status, status) << arguments[0] << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(named));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(DiagnoseSlow, DeepSigmoidNetsOnMnistAreMendedByTheFirstRemedy) {
  const TemporaryFolder folder;
  const json result = diagnosed(folder, {kConfigs + "deep_sigmoid.yaml", "--try"});
  EXPECT_EQ(result["verdicts"][0]["name"], "vanishing");
  const json first = result["tried"][0];
  EXPECT_FALSE(first["untouched"].get<bool>());
  EXPECT_GT(first["accuracy"].get<double>(), 0.8);
  EXPECT_GT(first["gain"].get<double>(), 0.5);
}

}  // namespace
}  // namespace actlab::test
