#include "cli/slips.h"

#include <algorithm>
#include <utility>

#include "config/keys.h"

namespace actlab {
namespace {

using Row = std::pair<const char*, const char*>;

constexpr const char* kRuns = "run directories are folders under runs/; actlab report RUN... shows them";
constexpr const char* kInit = "start from a copy of one of configs/*.yaml; docs/config.md explains it";
constexpr const char* kExport =
    "a checkpoint is a safetensors file, which other programs read as it is: docs/checkpoints.md";
constexpr const char* kDiff = "actlab report A B shows two runs side by side, their settings too";

constexpr Row kCommands[] = {
    {"fit", "did you mean 'train'?"},
    {"resume", "did you mean 'train CONFIG --resume last'?"},
    {"test", "did you mean 'evaluate'?"},
    {"eval", "did you mean 'evaluate'?"},
    {"validate", "did you mean 'evaluate', or 'config check' for a file?"},
    {"check", "did you mean 'config check'?"},
    {"infer", "did you mean 'predict'?"},
    {"classify", "did you mean 'predict'?"},
    {"explain", "did you mean 'diagnose'?"},
    {"list", "did you mean 'activations list' or 'lesson list'?"},
    {"show", "did you mean 'activations show' or 'config show'?"},
    {"plot", "did you mean 'activations plot'?"},
    {"download", "did you mean 'data fetch'?"},
    {"fetch", "did you mean 'data fetch'?"},
    {"export", kExport},
    {"convert", kExport},
    {"onnx", kExport},
    {"init", kInit},
    {"new", kInit},
    {"create", kInit},
    {"runs", kRuns},
    {"run", "did you mean 'train', or 'lesson run'?"},
    {"ls", kRuns},
    {"rm", "a run is a folder under runs/: remove that"},
    {"remove", "a run is a folder under runs/: remove that"},
    {"delete", "a run is a folder under runs/: remove that"},
    {"diff", kDiff},
    {"completion", "there is none; actlab COMMAND --help names a command's flags"},
    {"completions", "there is none; actlab COMMAND --help names a command's flags"},
    {"serve", "did you mean 'report RUN --live', which serves a run's page?"},
    {"tensorboard", "did you mean 'report RUN --live', which serves a run's page?"},
    {"benchmark", "the log of 'train' has the samples a second; docs/benchmarks.md compares them"},
    {"tune", "did you mean 'compare', or 'diagnose --try'?"},
    {"sweep", "did you mean 'compare'?"},
};

constexpr Row kFlags[] = {
    {"version", "did you mean 'actlab --version'?"},
    {"v", "did you mean 'actlab --version'?"},
    {"V", "did you mean 'actlab --version'?"},
    {"verbose", "there is one way to log: progress on stderr, a copy in the run directory"},
    {"q", "2>/dev/null silences progress and log"},
    {"quiet", "2>/dev/null silences progress and log"},
    {"silent", "2>/dev/null silences progress and log"},
    {"dry-run", "did you mean 'actlab config check', or train.epochs=1?"},
    {"config", "the config's file stands alone: actlab train configs/mnist_cnn.yaml"},
    {"checkpoint", "the checkpoint's file stands alone, or after --resume"},
    {"tensorboard",
     "metrics.csv and steps.csv of a run hold the figures; actlab report RUN --live draws them"},
    {"cpu", "did you mean 'device=cpu'?"},
    {"gpu", "did you mean 'device=cuda'?"},
    {"cuda", "did you mean 'device=cuda'?"},
    {"o", "did you mean 'run.root=FOLDER'?"},
    {"output", "did you mean 'run.root=FOLDER'?"},
    {"out", "did you mean 'run.root=FOLDER'?"},
    {"output-dir", "did you mean 'run.root=FOLDER'?"},
    {"workers", "did you mean 'threads=N'?"},
    {"num-workers", "did you mean 'threads=N'?"},
    {"weights", "weights of another program: docs/checkpoints.md"},
};

template <size_t N>
std::string look_up(const Row (&table)[N], const std::string& name) {
  const auto* found = std::ranges::find_if(table, [&](const Row& row) { return name == row.first; });
  return found == std::end(table) ? "" : found->second;
}

}  // namespace

std::string instead_of_command(const std::string& name, const std::string& within) {
  const std::string known = look_up(kCommands, name);
  const bool elsewhere =
      known.find('\'') != std::string::npos && known.find("'" + within) == std::string::npos;
  return !within.empty() && elsewhere ? "" : known;
}

std::string instead_of_flag(const std::string& name, const std::string& value,
                            const std::vector<std::string>& keys, bool exactly) {
  std::string known = look_up(kFlags, name);
  const bool on_keys = known.find('=') != std::string::npos;
  if (!known.empty() && (!on_keys || !keys.empty())) return known;
  std::string underscored = name;
  std::ranges::replace(underscored, '-', '_');
  const std::string key = name.size() < 2 ? "" : key_like(underscored, keys, exactly);
  if (key.empty()) return "";
  return "did you mean '" + key + "=" + (value.empty() ? "..." : value) + "'?";
}

}  // namespace actlab
