#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "checkpoint/checkpoint.h"
#include "core/test_support.h"

namespace actlab::test {

// Writes the checkpoint anew with something else in it: its digest is right again, as docs/checkpoints.md
// tells anyone to compute it.
inline void forge(const std::filesystem::path& from, const std::filesystem::path& to,
                  const std::function<void(Checkpoint&)>& change) {
  Checkpoint checkpoint = load_checkpoint(from);
  change(checkpoint);
  save_checkpoint(to, checkpoint);
}

// Its training state as text, changed as JSON.
inline void forge_state(Checkpoint& checkpoint, const std::function<void(nlohmann::json&)>& change) {
  auto state = nlohmann::json::parse(checkpoint.state);
  change(state);
  checkpoint.state = state.dump();
}

// Every file below the folder: its bytes, and when it was written.
inline std::map<std::string, std::pair<std::string, std::filesystem::file_time_type>> contents(
    const std::filesystem::path& folder) {
  std::map<std::string, std::pair<std::string, std::filesystem::file_time_type>> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    found[entry.path().string()] = {entry.is_regular_file() ? text_of(entry.path()) : "",
                                    entry.last_write_time()};
  }
  return found;
}

}  // namespace actlab::test
