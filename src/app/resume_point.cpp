#include "app/resume_point.h"

#include <cstdint>

#include "core/error.h"
#include "core/near_file.h"
#include "rundir/run_directory.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

// Those that are there, the best to go on from first.
std::vector<fs::path> checkpoints_of(const fs::path& run) {
  constexpr int64_t kMostGenerations = 100;  // what checkpoint.keep may say
  std::vector<fs::path> found;
  for (int64_t generation = 0; generation < kMostGenerations; ++generation) {
    const fs::path file = run_files::last_checkpoint(run, generation);
    if (fs::exists(file)) found.push_back(file);
  }
  if (fs::exists(run_files::best_checkpoint(run))) found.push_back(run_files::best_checkpoint(run));
  return found;
}

ResumePoint newest_run(const Config& config) {
  ResumePoint point;
  point.others = RunDirectory::all(config.run.root, config.run.name);
  if (point.others.empty()) return point;
  point.run = point.others.back();
  point.others.pop_back();
  point.checkpoints = checkpoints_of(*point.run);
  return point;
}

}  // namespace

ResumePoint find_resume_point(const std::string& resume, const Config& config) {
  if (resume.empty()) return {};
  if (resume == "last") return newest_run(config);
  fs::path path = fs::absolute(resume).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (!fs::exists(path)) {
    const fs::path near = near_file(resume);
    throw Error(ExitStatus::kFailed, "cannot resume: " + path.string() + " does not exist" +
                                         (near.empty() ? "" : ": did you mean '" + near.string() + "'?"));
  }
  if (fs::is_directory(path)) {
    ResumePoint point{.run = path, .checkpoints = checkpoints_of(path)};
    if (!point.checkpoints.empty()) return point;
    throw Error(ExitStatus::kFailed,
                "cannot resume: " + run_files::last_checkpoint(path).string() + " does not exist");
  }
  // A link belongs to the run that it leads to. A checkpoint that was moved out of its run directory starts a
  // new one.
  const fs::path checkpoint = fs::canonical(path);
  const fs::path folder = checkpoint.parent_path();
  ResumePoint point{.checkpoints = {checkpoint}, .named_file = true};
  if (folder.filename() == run_files::kCheckpoints) point.run = folder.parent_path();
  return point;
}

}  // namespace actlab
