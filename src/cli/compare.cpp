#include <algorithm>
#include <csignal>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "checkpoint/resume.h"
#include "cli/catalogue.h"
#include "cli/command.h"
#include "cli/print.h"
#include "cli/run_name.h"
#include "compare/candidates.h"
#include "compare/comparison.h"
#include "compare/jobs.h"
#include "compare/table.h"
#include "compare/tournament.h"
#include "core/file.h"
#include "core/folder.h"
#include "core/log.h"
#include "core/signals.h"
#include "core/suggest.h"
#include "data/registry.h"
#include "report/page.h"
#include "train/device.h"
#include "train/model_state.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int64_t kMostSeeds = 1000;
constexpr const char* kResults = "compare.json";

// Everything asked for, checked before anything is run.
struct Request {
  fs::path file;
  Config config;  // what all runs have in common
  std::vector<std::string> overrides;
  std::vector<Candidate> candidates;
  std::vector<int64_t> seeds;
  std::optional<size_t> baseline;
  std::optional<int64_t> jobs;
};

// What each run sets for itself, or all alike, cannot be overridden.
void check_overrides(const std::vector<std::string>& overrides) {
  for (const auto& override : overrides) {
    const std::string key = override.substr(0, override.find('='));
    if (key == "threads") {
      throw Error(ExitStatus::kUsage,
                  "compare trains each run with one thread and several runs at a time; leave out " +
                      override + ", or give --jobs N");
    }
    if (key == "model.activation")
      throw Error(ExitStatus::kUsage, "--activations says what model.activation is; leave out " + override);
  }
}

// Throws Error (2) when the config is wrong with one of the activations, or two of them are the same.
void check_candidates(const Request& request) {
  std::vector<Node> models;
  Problems problems;
  for (const auto& candidate : request.candidates) {
    std::vector<std::string> overrides = request.overrides;
    overrides.push_back("model.activation=" + candidate.spec);
    models.push_back(load_checked_config(request.file, overrides, problems).model);
  }
  problems.throw_if_any();
  for (size_t i = 0; i < models.size(); ++i) {
    const auto same = std::find(models.begin(), models.begin() + static_cast<std::ptrdiff_t>(i), models[i]);
    if (same - models.begin() == static_cast<std::ptrdiff_t>(i)) continue;
    const auto& former = request.candidates[static_cast<size_t>(same - models.begin())];
    throw Error(ExitStatus::kUsage,
                "--activations: " + former.label + " and " + request.candidates[i].label + " are the same");
  }
}

Request read_request(const Invocation& invocation) {
  Request request;
  request.file = fs::absolute(invocation.arguments[0]).lexically_normal();
  request.overrides = invocation.overrides;
  check_overrides(request.overrides);
  if (!invocation.has("activations")) {
    throw Error(ExitStatus::kUsage,
                "compare: which activations? As in: --activations relu,tanh,elu --seeds 5");
  }
  request.candidates = parse_candidates(invocation.value("activations"));
  const int64_t seeds = invocation.whole_number("seeds", 5, 1, kMostSeeds);
  if (invocation.has("jobs")) request.jobs = invocation.whole_number("jobs", 1, 1, 4096);
  if (invocation.has("baseline"))
    request.baseline = find_candidate(request.candidates, invocation.value("baseline"));

  Problems problems;
  request.config = load_checked_config(invocation.arguments[0], request.overrides, problems);
  problems.throw_if_any();
  check_candidates(request);
  if (request.config.seed > std::numeric_limits<int64_t>::max() - seeds)
    throw Error(ExitStatus::kUsage, "seed is too large for " + std::to_string(seeds) + " seeds from it on");
  for (int64_t i = 0; i < seeds; ++i) request.seeds.push_back(request.config.seed + i);
  request.config.run.name = run_name(request.config, request.file);
  request.config.threads.value = 1;
  return request;
}

// A comparison that the config's name has under its root, begun before.
std::optional<fs::path> begun_before(const Config& config) {
  return newest_numbered_folder(config.run.root, config.run.name + "-compare",
                                [](const fs::path& folder) { return fs::exists(folder / kResults); });
}

std::string text_of(const fs::path& file) {
  const Bytes bytes = read_file(file, ExitStatus::kFailed);
  return {bytes.begin(), bytes.end()};
}

ordered_json plan_of(const Request& request) {
  auto plan = ordered_json::array();
  for (const auto& candidate : request.candidates) {
    plan.push_back({{"activation", candidate.label}, {"spec", candidate.spec}, {"folder", candidate.folder}});
  }
  return plan;
}

std::string labels_in(const ordered_json& plan) {
  std::vector<std::string> labels;
  for (const auto& entry : plan) labels.push_back(entry.at("activation").get<std::string>());
  return join(labels);
}

// Throws Error (2) naming what differs from what was begun, if anything does.
void check_same(const Request& request, const fs::path& folder) {
  const fs::path file = folder / kResults;
  const ordered_json stored = ordered_json::parse(text_of(file), nullptr, /*allow_exceptions=*/false);
  if (!stored.is_object() || !stored.contains("plan") || !stored.contains("seeds")) {
    throw Error(ExitStatus::kFailed, file.string() + " is damaged; without --resume a new comparison starts");
  }
  const fs::path config_file = folder / "config.yaml";
  Problems problems;
  const Config config = parse_checked_config(text_of(config_file), config_file.string(), {}, problems);
  problems.throw_if_any();
  std::vector<std::string> differences =
      config_differences(to_node(config), to_node(request.config), "the comparison");
  if (stored["plan"] != plan_of(request)) {
    differences.push_back("--activations (" + labels_in(stored["plan"]) + " in the comparison, " +
                          labels_in(plan_of(request)) + " now)");
  }
  if (stored["seeds"] != ordered_json(request.seeds)) {
    differences.push_back("--seeds (" + std::to_string(stored["seeds"].size()) + " in the comparison, " +
                          std::to_string(request.seeds.size()) + " now)");
  }
  if (differences.empty()) return;
  throw Error(ExitStatus::kUsage, "cannot go on in " + folder.string() + ", which was begun otherwise: " +
                                      join(differences, "; ") + "; without --resume a new comparison starts");
}

// What compare.json and --json say around the rows.
ordered_json result_json(const Request& request, const fs::path& folder, const Comparison& comparison) {
  ordered_json result = {{"config", request.file.string()},
                         {"overrides", request.overrides},
                         {"directory", folder.string()},
                         {"epochs", request.config.train.epochs}};
  result.update(to_json(comparison));
  return result;
}

// As long as it has not finished.
Comparison nothing_yet(const Request& request) {
  Comparison comparison;
  comparison.seeds = request.seeds;
  comparison.baseline_chosen_by_data = !request.baseline;
  if (request.baseline) comparison.baseline = request.candidates[*request.baseline].label;
  comparison.notes = {"This comparison has not finished; --resume goes on with it."};
  return comparison;
}

void write_result(const fs::path& folder, ordered_json result, const Request& request) {
  result["plan"] = plan_of(request);
  write_file_atomically(folder / kResults,
                        result.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

Comparison conclude(const Request& request, const Tournament& tournament) {
  const auto runs = read_runs(tournament);
  std::vector<Contender> contenders;
  for (size_t i = 0; i < runs.size(); ++i) {
    Contender contender{tournament.candidates[i].label, runs[i], {}};
    for (const int64_t seed : tournament.seeds)
      contender.names.push_back(directory_name(tournament.candidates[i], seed));
    contenders.push_back(std::move(contender));
  }
  return compare_runs(contenders, tournament.seeds, request.baseline);
}

void write_table(const Request& request, const fs::path& folder, const Comparison& comparison) {
  const std::string heading = "# " + folder.filename().string() + "\n\n" +
                              std::to_string(request.config.train.epochs) + " epochs, seeds " +
                              std::to_string(request.seeds.front()) + " to " +
                              std::to_string(request.seeds.back()) + ", on the test data.\n\n";
  write_file_atomically(folder / "table.md", heading + markdown_table(comparison));
}

ExitStatus stopped(int signal, const Tournament& tournament) {
  size_t done = 0;
  size_t all = 0;
  for (const auto& runs : read_runs(tournament)) {
    all += runs.size();
    done += static_cast<size_t>(std::ranges::count_if(runs, [](const auto& run) { return run.ended(); }));
  }
  log_info(std::string("stopped by ") + (signal == SIGINT ? "SIGINT" : "SIGTERM") + "; " +
           std::to_string(done) + " of " + std::to_string(all) +
           " runs are done, the others saved; the same command with --resume goes on");
  return signal == SIGINT ? ExitStatus::kInterrupted : ExitStatus::kTerminated;
}

ExitStatus run_compare(const Invocation& invocation) {
  // Until the process ends, as in train.
  static const StopSignals& signals = *new StopSignals;
  Request request = read_request(invocation);
  const auto former = invocation.has("resume") ? begun_before(request.config) : std::nullopt;
  const torch::Device device = choose_device(request.config.device);
  request.config.device = device.str();
  // What is wrong with them is told before a run.
  const DataParts data = load_data(request.config.data, request.config.seed);
  if (new_model(request.config, data.train.shape)->hidden().empty()) {
    throw Error(ExitStatus::kUsage,
                "compare: the model has no hidden activation, so there is nothing to tell apart");
  }

  const fs::path folder =
      former ? *former : make_numbered_folder(request.config.run.root, request.config.run.name + "-compare");
  const FolderLock lock(folder, "comparing");
  if (former) check_same(request, folder);
  write_file_atomically(folder / "config.yaml", to_yaml(to_node(request.config)));
  write_result(folder, result_json(request, folder, nothing_yet(request)), request);

  const Tournament tournament{folder, request.candidates, request.seeds};
  const auto slots =
      static_cast<size_t>(request.jobs.value_or(device.is_cuda() ? 1 : static_cast<int64_t>(job_slots())));
  log_info("activations: " + std::to_string(request.candidates.size()) +
           ", seeds: " + std::to_string(request.seeds.size()) + ", runs at a time: " + std::to_string(slots) +
           "; " + folder.string());
  const int signal = run_tournament(tournament, slots, signals);
  const Comparison comparison = signal == 0 ? conclude(request, tournament) : nothing_yet(request);
  const ordered_json result = result_json(request, folder, comparison);
  if (invocation.json()) print_json(result);
  if (signal != 0) return stopped(signal, tournament);
  write_result(folder, result, request);
  write_table(request, folder, comparison);
  const fs::path report = default_report_path({folder});
  write_report({folder}, report);
  log_info("report " + report.string());
  if (!invocation.json()) std::printf("%s", terminal_table(comparison).c_str());
  return ExitStatus::kDone;
}

}  // namespace

Command compare_command() {
  return {
      .name = "compare",
      .arguments = "CONFIG [key=value ...]",
      .summary = "train the same with several activations and seeds, and test what differs",
      .details =
          "Every run is a process of one thread, as many at a time as there are cores. Equal seeds give all "
          "activations\n"
          "the same draws of weights and the same order of the data, so differences are taken seed by seed: "
          "a "
          "paired t\n"
          "test, corrected for being several (Holm), and the share of resampled seeds in which an activation "
          "is best.\n"
          "Writes compare.json and table.md into <run.root>/<name>-compare, with a run directory for each "
          "run.\n"
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
