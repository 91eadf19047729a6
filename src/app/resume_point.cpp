#include "app/resume_point.h"

#include "core/error.h"
#include "rundir/run_directory.h"

namespace actlab {

namespace fs = std::filesystem;

ResumePoint find_resume_point(const std::string& resume, const Config& config) {
  if (resume.empty()) return {};
  if (resume == "last") {
    ResumePoint point{RunDirectory::newest(config.run.root, config.run.name), std::nullopt};
    if (!point.run) return point;
    const fs::path last = run_files::last_checkpoint(*point.run);
    if (fs::exists(last)) point.checkpoint = last;
    return point;
  }
  const fs::path path = fs::absolute(resume);
  const fs::path checkpoint = fs::is_directory(path) ? run_files::last_checkpoint(path) : path;
  if (!fs::exists(checkpoint)) {
    throw Error(ExitStatus::kFailed, "cannot resume: " + checkpoint.string() + " does not exist");
  }
  // A checkpoint that was moved out of its run directory starts a new one.
  const fs::path folder = checkpoint.parent_path();
  if (folder.filename() != run_files::kCheckpoints) return {std::nullopt, checkpoint};
  return {folder.parent_path(), checkpoint};
}

}  // namespace actlab
