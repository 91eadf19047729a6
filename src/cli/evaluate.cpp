#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/print.h"
#include "cli/requirement.h"
#include "cli/trained_model.h"
#include "core/log.h"
#include "core/suggest.h"
#include "data/registry.h"
#include "train/evaluator.h"
#include "train/loader.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

const Dataset& choose_split(const DataParts& data, const std::string& split) {
  const Dataset& part = split == "train" ? data.train : split == "validation" ? data.validation : data.test;
  if (part.size() > 0) return part;
  throw Error(ExitStatus::kData,
              "there are no " + split + " examples; data.validation sets some of the training data apart");
}

void check_split(const std::string& split) {
  const std::vector<std::string> splits = {"test", "validation", "train"};
  for (const auto& known : splits) {
    if (split == known) return;
  }
  throw Error(ExitStatus::kUsage, "--split: unknown part '" + split + "'" + did_you_mean(split, splits) +
                                      "; one of: " + join(splits));
}

void print_metrics(const Metrics& metrics, const ordered_json& result,
                   const std::vector<std::string>& classes) {
  const auto [low, high] = metrics.accuracy_interval();
  std::printf("%s, %s: %lld examples\n", result["checkpoint"].get<std::string>().c_str(),
              result["split"].get<std::string>().c_str(), static_cast<long long>(metrics.examples()));
  std::printf("accuracy  %.2f %% (95 %% interval %.2f to %.2f)\nloss      %.4f\n", 100 * metrics.accuracy(),
              100 * low, 100 * high, metrics.loss());
  if (result.contains("auc") && !result["auc"].is_null())
    std::printf("ROC-AUC   %.4f\n", result["auc"].get<double>());
  std::printf("\n%-12s %9s %9s %9s %9s\n", "class", "examples", "precision", "recall", "F1");
  for (size_t i = 0; i < classes.size(); ++i) {
    long long examples = 0;
    for (const int64_t count : metrics.confusion()[i]) examples += count;
    const auto label = static_cast<int64_t>(i);
    std::printf("%-12s %9lld %9.4f %9.4f %9.4f\n", classes[i].c_str(), examples, metrics.precision(label),
                metrics.recall(label), metrics.f1(label));
  }
}

ExitStatus run_evaluate(const Invocation& invocation) {
  const std::string split = invocation.value("split", "test");
  check_split(split);
  std::optional<Requirement> requirement;
  if (invocation.has("require")) requirement = parse_requirement(invocation.value("require"));

  const std::filesystem::path path = std::filesystem::absolute(invocation.arguments[0]).lexically_normal();
  // Another validation part would hold examples that the model was trained on.
  const std::vector<std::string> test_only = {"data", "device", "threads"};
  TrainedModel trained = load_trained_model(
      path, invocation.overrides,
      split == "test" ? test_only : std::vector<std::string>{"data.root", "device", "threads"});
  if (requirement) requirement->check(trained.state.shape.classes);
  const DataParts data = load_data(trained.config.data, trained.config.seed);
  check_data(trained, data, path.string());
  if (invocation.overrides.empty() && data.fingerprint != trained.state.data_fingerprint) {
    log_warning("the data files have changed since " + path.string() + " was trained");
  }
  const Loader loader(choose_split(data, split), trained.normalization, trained.device,
                      trained.model->convolutional());
  const Metrics metrics = evaluate(*trained.model, trained.loss, loader, trained.state.shape.classes);

  ordered_json result = {{"checkpoint", path.string()}, {"split", split}};
  result.update(metrics.to_json());
  if (invocation.json()) {
    print_json(result);
  } else {
    print_metrics(metrics, result, trained.state.class_names);
  }
  if (requirement && !requirement->holds(result)) {
    log_error("the requirement " + invocation.value("require") + " is missed: " + requirement->metric +
              " is " + result[requirement->metric].dump());
    return ExitStatus::kMissed;
  }
  return ExitStatus::kDone;
}

}  // namespace

Command evaluate_command() {
  return {
      .name = "evaluate",
      .arguments = "CHECKPOINT [key=value ...]",
      .summary = "measure a saved checkpoint on a split of its data",
      .details =
          "Examples:\n"
          "  actlab evaluate runs/mnist_cnn/checkpoints/best.safetensors\n"
          "  actlab evaluate runs/mnist_cnn/checkpoints/best.safetensors --require 'accuracy>=0.98'\n"
          "  actlab evaluate CHECKPOINT data.root=elsewhere/mnist device=cpu\n",
      .min_arguments = 1,
      .max_arguments = 1,
      .takes_overrides = true,
      .computes = true,
      .flags =
          {{"split", "PART", "test (default), validation or train"},
           {"require", "'METRIC>=X'",
            "exit with status 5 unless accuracy, loss, auc, f1, precision or recall is so (>=, >, <=, <)"}},
      .run = run_evaluate};
}

}  // namespace actlab
