#include <cstdio>

#include "app/examination.h"
#include "cli/command.h"
#include "cli/print.h"

namespace actlab {
namespace {

ExitStatus run_diagnose(const Invocation& invocation) {
  if (invocation.has("steps") && !invocation.has("try"))
    throw Error(ExitStatus::kUsage, "--steps says how long remedies are tried; give --try too");
  app::ExamineRequest request{.file = invocation.arguments[0], .overrides = invocation.overrides};
  const int64_t steps = invocation.whole_number("steps", 300, 1, 1000000);
  if (invocation.has("try")) request.trial_steps = steps;
  const Diagnosis diagnosis = app::examine(request);
  if (invocation.json()) {
    print_json(to_json(diagnosis));
  } else {
    std::printf("%s", to_text(diagnosis).c_str());
  }
  const Examination& examination = diagnosis.examination;
  examination.non_finite.throw_if_any("the training data looked at", examination.examples);
  return ExitStatus::kDone;
}

}  // namespace

Command diagnose_command() {
  return {.name = "diagnose",
          .arguments = "CONFIG|CHECKPOINT|RUN [key=value ...]",
          .summary = "show layer by layer why a model trains or not, and what would help",
          .details =
              "On a config: the untrained model, theory beside measurement.\n"
              "On a checkpoint, or a run directory with some: what training made of it.\n\n"
              "Examples:\n"
              "  actlab diagnose configs/deep_sigmoid.yaml --try\n"
              "  actlab diagnose configs/deep_sigmoid.yaml model.init=auto\n"
              "  actlab diagnose runs/mnist_cnn/checkpoints/best.safetensors\n",
          .min_arguments = 1,
          .max_arguments = 1,
          .takes_overrides = true,
          .computes = true,
          .flags = {{"try", "", "train it as it is and with every remedy for the same few hundred steps"},
                    {"steps", "N", "how many steps each (300)"}},
          .run = run_diagnose};
}

}  // namespace actlab
