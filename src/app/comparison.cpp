#include "app/comparison.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "app/catalogue.h"
#include "app/idle_options.h"
#include "app/run_name.h"
#include "checkpoint/resume.h"
#include "compare/jobs.h"
#include "compare/table.h"
#include "compare/tournament.h"
#include "config/emit.h"
#include "core/file.h"
#include "core/folder.h"
#include "core/log.h"
#include "core/number_text.h"
#include "core/signals.h"
#include "core/text.h"
#include "data/registry.h"
#include "report/page.h"
#include "train/device.h"
#include "train/model_state.h"

namespace actlab::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kResults = "compare.json";

// A request whose parts have all been checked.
struct Plan {
  const CompareRequest& request;
  fs::path file;  // of the config, absolute
  Config config;  // what all runs have in common
  std::vector<int64_t> seeds;
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
void check_candidates(const CompareRequest& request) {
  std::vector<Node> models;
  Problems problems;
  for (const auto& candidate : request.candidates) {
    std::vector<std::string> overrides = request.overrides;
    overrides.push_back("model.activation=" + candidate.spec);
    models.push_back(load_checked_config(request.config, overrides, problems).model);
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

Plan make_plan(const CompareRequest& request) {
  check_overrides(request.overrides);
  Plan plan{request, fs::absolute(request.config).lexically_normal(), {}, {}};
  Problems problems;
  plan.config = load_checked_config(request.config, request.overrides, problems);
  problems.throw_if_any();
  check_candidates(request);
  if (plan.config.seed > std::numeric_limits<int64_t>::max() - request.seeds)
    throw Error(ExitStatus::kUsage,
                "seed is too large for " + std::to_string(request.seeds) + " seeds from it on");
  for (int64_t i = 0; i < request.seeds; ++i) plan.seeds.push_back(plan.config.seed + i);
  plan.config.run.name = run_name(plan.config, plan.file);
  plan.config.threads.value = 1;
  return plan;
}

// What is wrong with data and model is told before a run.
void check_data_and_model(const Config& config) {
  const DataParts data = load_data(config.data, config.seed);
  for (const auto& warning : data.warnings) log_warning(warning);
  for (const auto& idle : idle_options(config, data.train.size())) log_warning(idle);
  if (new_model(config, data.train.shape())->hidden().empty()) {
    throw Error(ExitStatus::kUsage,
                "compare: the model has no hidden activation, so there is nothing to tell apart");
  }
}

// A comparison that the config's name has under its root, begun before.
std::optional<fs::path> begun_before(const Config& config) {
  return newest_numbered_folder(config.run.root, config.run.name + "-compare",
                                [](const fs::path& folder) { return fs::exists(folder / kResults); });
}

ordered_json plan_json(const Plan& plan) {
  auto list = ordered_json::array();
  for (const auto& candidate : plan.request.candidates) {
    list.push_back({{"activation", candidate.label}, {"spec", candidate.spec}, {"folder", candidate.folder}});
  }
  return list;
}

std::string labels_in(const ordered_json& plan) {
  std::vector<std::string> labels;
  for (const auto& entry : plan) {
    const bool named = entry.is_object() && entry.contains("activation") && entry["activation"].is_string();
    labels.push_back(named ? entry["activation"].get<std::string>() : "?");
  }
  return join(labels);
}

// Throws Error (2) naming what differs from what was begun, if anything does.
void check_same(const Plan& plan, const fs::path& folder) {
  const fs::path file = folder / kResults;
  const ordered_json stored =
      ordered_json::parse(read_text(file, ExitStatus::kFailed), nullptr, /*allow_exceptions=*/false);
  if (!stored.is_object() || !stored.contains("plan") || !stored.contains("seeds")) {
    throw Error(ExitStatus::kFailed, file.string() + " is damaged; without --resume a new comparison starts");
  }
  const fs::path config_file = folder / "config.yaml";
  Problems problems;
  const Config config =
      parse_checked_config(read_text(config_file, ExitStatus::kFailed), config_file.string(), {}, problems);
  problems.throw_if_any();
  std::vector<std::string> differences =
      config_differences(to_node(config), to_node(plan.config), "the comparison");
  if (stored["plan"] != plan_json(plan)) {
    differences.push_back("--activations (" + labels_in(stored["plan"]) + " in the comparison, " +
                          labels_in(plan_json(plan)) + " now)");
  }
  if (stored["seeds"] != ordered_json(plan.seeds)) {
    differences.push_back("--seeds (" + std::to_string(stored["seeds"].size()) + " in the comparison, " +
                          std::to_string(plan.seeds.size()) + " now)");
  }
  if (differences.empty()) return;
  throw Error(ExitStatus::kUsage, "cannot go on in " + folder.string() + ", which was begun otherwise: " +
                                      join(differences, "; ") + "; without --resume a new comparison starts");
}

// What compare.json and --json say around the rows.
ordered_json result_json(const Plan& plan, const fs::path& folder, const Comparison& comparison) {
  ordered_json result = {{"config", plan.file.string()},
                         {"overrides", plan.request.overrides},
                         {"directory", folder.string()},
                         {"epochs", plan.config.train.epochs}};
  result.update(to_json(comparison));
  return result;
}

// As long as it has not finished.
Comparison nothing_yet(const Plan& plan) {
  Comparison comparison;
  comparison.seeds = plan.seeds;
  comparison.baseline_chosen_by_data = !plan.request.baseline;
  if (plan.request.baseline) comparison.baseline = plan.request.candidates[*plan.request.baseline].label;
  comparison.notes = {"This comparison has not finished; --resume goes on with it."};
  return comparison;
}

void write_result(const fs::path& folder, ordered_json result, const Plan& plan) {
  result["plan"] = plan_json(plan);
  write_file_atomically(folder / kResults,
                        result.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

Comparison conclude(const Plan& plan, const Tournament& tournament) {
  const auto runs = read_runs(tournament);
  std::vector<Contender> contenders;
  for (size_t i = 0; i < runs.size(); ++i) {
    Contender contender{tournament.candidates[i].label, runs[i], {}};
    for (const int64_t seed : tournament.seeds)
      contender.names.push_back(directory_name(tournament.candidates[i], seed));
    contenders.push_back(std::move(contender));
  }
  return compare_runs(contenders, tournament.seeds, plan.request.baseline);
}

void write_table(const Plan& plan, const fs::path& folder, const Comparison& comparison) {
  const std::string heading = "# " + folder.filename().string() + "\n\n" +
                              counted(plan.config.train.epochs, "epoch") + ", seeds " +
                              std::to_string(plan.seeds.front()) + " to " +
                              std::to_string(plan.seeds.back()) + ", on the test data.\n\n";
  write_file_atomically(folder / "table.md", heading + markdown_table(comparison));
}

void log_stop(const Tournament& tournament) {
  size_t done = 0;
  size_t all = 0;
  for (const auto& runs : read_runs(tournament)) {
    all += runs.size();
    done += static_cast<size_t>(std::ranges::count_if(runs, [](const auto& run) { return run.ended(); }));
  }
  log_info(std::to_string(done) + " of " + std::to_string(all) +
           " runs are done, the others saved; the same command with --resume goes on");
}

}  // namespace

CompareResult compare(const CompareRequest& request) {
  Plan plan = make_plan(request);
  const auto former = request.resume ? begun_before(plan.config) : std::nullopt;
  std::optional<FolderLock> lock;  // before anything that takes time
  if (former) lock.emplace(*former, "comparing");
  if (request.resume && !former)
    log_warning("there is no comparison of " + plan.config.run.name + " to go on with; a new one starts");
  const torch::Device device = choose_device(plan.config.device);
  plan.config.device = device.str();
  check_data_and_model(plan.config);

  const fs::path folder =
      former ? *former : make_numbered_folder(plan.config.run.root, plan.config.run.name + "-compare");
  if (!lock) lock.emplace(folder, "comparing");
  if (former) check_same(plan, folder);
  write_file_atomically(folder / "config.yaml", to_yaml(to_node(plan.config)));
  write_result(folder, result_json(plan, folder, nothing_yet(plan)), plan);

  // Until here a signal ends the program at once.
  const StopSignals signals;
  const Tournament tournament{folder, plan.request.candidates, plan.seeds};
  const auto slots =
      static_cast<size_t>(request.jobs.value_or(device.is_cuda() ? 1 : static_cast<int64_t>(job_slots())));
  log_info("activations: " + std::to_string(plan.request.candidates.size()) +
           ", seeds: " + std::to_string(plan.seeds.size()) + ", runs at a time: " + std::to_string(slots) +
           "; " + folder.string());
  const int stopped = run_tournament(tournament, slots, signals);
  CompareResult result{folder, stopped == 0 ? conclude(plan, tournament) : nothing_yet(plan), stopped, {}};
  result.json = result_json(plan, folder, result.comparison);
  if (stopped != 0) {
    log_stop(tournament);
    return result;
  }
  write_result(folder, result.json, plan);
  write_table(plan, folder, result.comparison);
  const fs::path report = default_report_path({folder});
  const auto unread = write_report({folder}, report);
  if (!unread.empty()) throw Error(ExitStatus::kFailed, join(unread, "\n"));
  log_info("report " + report.string());
  return result;
}

}  // namespace actlab::app
