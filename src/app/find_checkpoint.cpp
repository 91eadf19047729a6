#include "app/find_checkpoint.h"

#include "core/error.h"
#include "core/file.h"
#include "core/file_kind.h"
#include "core/log.h"
#include "rundir/files.h"

namespace actlab {

namespace fs = std::filesystem;

fs::path find_checkpoint(const fs::path& path, WhichCheckpoint which) {
  fs::path folder = fs::absolute(path).lexically_normal();
  if (!fs::is_directory(folder)) return folder;
  if (fs::is_directory(folder / run_files::kCheckpoints)) folder /= run_files::kCheckpoints;
  const bool best = which == WhichCheckpoint::kBest;
  for (const char* name :
       {best ? run_files::kBest : run_files::kLast, best ? run_files::kLast : run_files::kBest}) {
    const fs::path checkpoint = folder / name;
    if (!fs::exists(checkpoint)) continue;
    log_info("the checkpoint is " + checkpoint.string());
    return checkpoint;
  }
  throw Error(ExitStatus::kFailed, path.string() +
                                       " is a folder without a checkpoint; a run directory has some in " +
                                       "checkpoints/ once an epoch has ended");
}

bool is_checkpoint(const fs::path& file) {
  constexpr size_t kHead = 9;
  return file.extension() == ".safetensors" || looks_like_safetensors(read_head(file, kHead));
}

}  // namespace actlab
