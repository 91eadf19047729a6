#include <cstdio>

#include "app/evaluation.h"
#include "cli/command.h"
#include "cli/print.h"
#include "core/log.h"

namespace actlab {
namespace {

void print_evaluation(const app::EvaluateResult& result) {
  const Evaluation& evaluation = result.evaluation;
  std::printf("%s, %s: %lld examples\n", result.checkpoint.c_str(), result.split.c_str(),
              static_cast<long long>(evaluation.examples));
  std::printf("%s\n%-9s %.4f\n%s", headline_text(evaluation).c_str(), "loss", evaluation.loss,
              evaluation.scores->text().c_str());
}

ExitStatus run_evaluate(const Invocation& invocation) {
  app::EvaluateRequest request{.checkpoint = invocation.arguments[0],
                               .overrides = invocation.overrides,
                               .split = invocation.value("split", "test")};
  if (invocation.has("require")) request.requirement = parse_requirement(invocation.value("require"));
  const app::EvaluateResult result = app::evaluate(request);
  const nlohmann::ordered_json json = result.to_json();
  if (invocation.json()) {
    print_json(json);
  } else {
    print_evaluation(result);
  }
  if (request.requirement && !request.requirement->holds(json)) {
    log_error("the requirement " + invocation.value("require") + " is missed: " +
              request.requirement->metric + " is " + json[request.requirement->metric].dump());
    return ExitStatus::kMissed;
  }
  return ExitStatus::kDone;
}

}  // namespace

Command evaluate_command() {
  return {
      .name = "evaluate",
      .arguments = "CHECKPOINT|RUN [key=value ...]",
      .summary = "measure a saved checkpoint on a split of its data",
      .details =
          "A RUN directory stands for its best checkpoint.\n\n"
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
