#include <cstdio>

#include "app/comparison.h"
#include "cli/command.h"
#include "cli/print.h"
#include "compare/table.h"
#include "core/log.h"
#include "core/signals.h"

namespace actlab {
namespace {

constexpr int64_t kMostSeeds = 1000;

app::CompareRequest read_request(const Invocation& invocation) {
  if (!invocation.has("activations")) {
    throw Error(ExitStatus::kUsage,
                "compare: which activations? As in: --activations relu,tanh,elu --seeds 5");
  }
  app::CompareRequest request{.config = invocation.arguments[0],
                              .overrides = invocation.overrides,
                              .candidates = parse_candidates(invocation.value("activations")),
                              .seeds = invocation.whole_number("seeds", 5, 1, kMostSeeds),
                              .resume = invocation.has("resume")};
  if (invocation.has("jobs")) request.jobs = invocation.whole_number("jobs", 1, 1, 4096);
  if (invocation.has("baseline"))
    request.baseline = find_candidate(request.candidates, invocation.value("baseline"));
  return request;
}

ExitStatus run_compare(const Invocation& invocation) {
  const app::CompareResult result = app::compare(read_request(invocation));
  if (invocation.json()) print_json(result.json);
  if (result.stopped != 0) {
    log_info("stopped by " + signal_name(result.stopped));
    return status_after(result.stopped);
  }
  if (!invocation.json()) std::printf("%s", terminal_table(result.comparison).c_str());
  return ExitStatus::kDone;
}

}  // namespace

Command compare_command() {
  return {
      .name = "compare",
      .arguments = "CONFIG [key=value ...]",
      .summary = "train the same with several activations and seeds, and test what differs",
      .details =
          "Every run is a process of one thread, as many at a time as there are cores. Equal seeds give all\n"
          "activations the same draws of weights and the same order of the data, so differences are taken\n"
          "seed by seed: a paired t test, corrected for being several (Holm), and the share of resampled\n"
          "seeds in which an activation is best. Writes compare.json and table.md into\n"
          "<run.root>/<name>-compare, with a run directory for each run.\n"
          "\n"
          "Examples:\n"
          "  actlab compare configs/mnist_binary.yaml --activations relu,sigmoid,tanh --seeds 5 "
          "train.epochs=2\n"
          "  actlab compare configs/mnist_cnn.yaml --activations 'relu,{type: elu, alpha: 0.5}' --baseline "
          "relu\n",
      .min_arguments = 1,
      .max_arguments = 1,
      .takes_overrides = true,
      .computes = true,
      .flags = {{"activations", "A,B,...", "what to compare: a YAML list of what model.activation takes"},
                {"seeds", "N", "runs an activation, with the config's seed and those after it (default 5)"},
                {"baseline", "A", "the activation that the others are tested against (default: the best)"},
                {"jobs", "N", "runs at a time (default: one a core; on a GPU, one)"},
                {"resume", "", "go on with the newest comparison of this config"}},
      .run = run_compare};
}

}  // namespace actlab
