#include "compare/tournament.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "compare/jobs.h"
#include "core/error.h"
#include "core/log.h"
#include "core/progress_text.h"
#include "core/stopwatch.h"
#include "core/text.h"

namespace actlab {
namespace {

constexpr const char* kThisProgram = "/proc/self/exe";
constexpr int kDiverged = static_cast<int>(ExitStatus::kDiverged);

struct Run {
  const Candidate& candidate;
  int64_t seed;
  std::filesystem::path directory;
};

Job training(const std::filesystem::path& folder, const Run& run) {
  return {{kThisProgram, "train", (folder / "config.yaml").string(), "model.activation=" + run.candidate.spec,
           "seed=" + std::to_string(run.seed), "run.root=" + nlohmann::json(folder.string()).dump(),
           "run.name=" + nlohmann::json(directory_name(run.candidate, run.seed)).dump(), "--resume", "last",
           "--json"},
          {"OMP_NUM_THREADS=1"}};
}

// The lines that say what went wrong, without "error: "; the last line when none says it is an error.
std::string complaint(const std::string& err) {
  const std::string mark = "error: ";
  std::istringstream lines(err);
  std::string errors;
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) last = line;
    if (line.starts_with(mark)) errors += (errors.empty() ? "" : "\n") + line.substr(mark.size());
  }
  return errors.empty() ? last : errors;
}

[[noreturn]] void fail(const Run& run, ExitStatus status, const std::string& what) {
  throw Error(status, run.candidate.label + ", seed " + std::to_string(run.seed) + ": " + what +
                          "\nthe finished runs are kept; once that is mended, --resume goes on");
}

[[noreturn]] void fail(const Run& run, const JobResult& result) {
  constexpr int kSignals = 128;
  std::string what = complaint(result.err);
  if (result.status > kSignals) {
    what = "ended by signal " + std::to_string(result.status - kSignals) + (what.empty() ? "" : ": " + what) +
           "; where memory is short, --jobs 1 trains one run at a time";
  }
  const auto status = static_cast<ExitStatus>(result.status);
  const bool own = status == ExitStatus::kUsage || status == ExitStatus::kData;
  fail(run, own ? status : ExitStatus::kFailed, what);
}

// The lines on stderr, and the bar where that is a terminal.
class Display {
 public:
  Display(const Tournament& tournament, size_t runs, size_t done)
      : runs_(runs), done_(done), done_before_(done) {
    constexpr size_t kWidest = 24;
    for (const auto& candidate : tournament.candidates) {
      width_ = std::max(width_, std::min(candidate.label.size(), kWidest));
    }
  }
  ~Display() { clear_status(); }
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

  void ended(const Run& run, const std::string& outcome, double seconds) {
    ++done_;
    std::string label = run.candidate.label;
    label.resize(std::max(label.size(), width_), ' ');
    log_info(label + "  seed " + std::to_string(run.seed) + "  " + outcome + formatted("%7.1f s", seconds) +
             "  " + counts() + (done_ < runs_ ? ", " + left() : ""));
  }

  void draw(size_t running) {
    constexpr int kWidth = 30;
    constexpr int kUsualWidth = 80;
    const std::string line = bar(static_cast<double>(done_) / static_cast<double>(runs_), kWidth) + "  " +
                             counts() + ", " + std::to_string(running) + " running, " + left();
    draw_status(line.substr(0, static_cast<size_t>(std::max(1, console_width(kUsualWidth) - 1))));
  }

 private:
  std::string counts() const { return std::to_string(done_) + " of " + std::to_string(runs_) + " done"; }
  std::string left() const {
    const size_t done = done_ - done_before_;
    return clock_text(done == 0 ? -1
                                : watch_.seconds() / static_cast<double>(done) *
                                      static_cast<double>(runs_ - done_)) +
           " left";
  }

  size_t runs_;
  size_t done_;
  size_t done_before_;
  size_t width_ = 0;
  Stopwatch watch_;
};

// What to say about a run that has left its results. Throws Error for a failure.
std::string outcome_of(const Run& run, const JobResult& result) {
  if (result.status == kDiverged) return "diverged         ";
  if (result.status != 0) fail(run, result);
  const RunRecord record = read_run(run.directory);
  if (!record.test_value) fail(run, ExitStatus::kFailed, "its summary has no test " + record.headline.name);
  return formatted("%s %8s", record.headline.name.c_str(),
                   value_text(record.headline, *record.test_value).c_str());
}

}  // namespace

std::string directory_name(const Candidate& candidate, int64_t seed) {
  return candidate.folder + "-seed" + std::to_string(seed);
}

std::vector<std::vector<RunRecord>> read_runs(const Tournament& tournament) {
  std::vector<std::vector<RunRecord>> records;
  for (const auto& candidate : tournament.candidates) {
    auto& of_candidate = records.emplace_back();
    for (const int64_t seed : tournament.seeds) {
      of_candidate.push_back(read_run(tournament.folder / directory_name(candidate, seed)));
    }
  }
  return records;
}

int run_tournament(const Tournament& tournament, size_t slots, const StopSignals& signals) {
  std::vector<Run> runs;
  std::vector<Job> jobs;
  for (const int64_t seed : tournament.seeds) {
    for (const auto& candidate : tournament.candidates) {
      const Run run{candidate, seed, tournament.folder / directory_name(candidate, seed)};
      if (read_run(run.directory).ended()) continue;
      runs.push_back(run);
      jobs.push_back(training(tournament.folder, run));
    }
  }
  const size_t all = tournament.seeds.size() * tournament.candidates.size();
  Display display(tournament, all, all - runs.size());
  const auto ended = [&](const JobResult& result) {
    const bool was_stopped = result.stopped && result.status > 128;
    if (!was_stopped) display.ended(runs[result.job], outcome_of(runs[result.job], result), result.seconds);
  };
  return run_jobs(jobs, slots, signals,
                  {.ended = ended, .waiting = [&](size_t running) { display.draw(running); }});
}

}  // namespace actlab
