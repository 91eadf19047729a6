#include "core/folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <map>
#include <thread>
#include <utility>

#include "core/error.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

// N of "name-N", 1 of "name", 0 of anything else.
int64_t number_of(const std::string& folder, const std::string& name) {
  if (folder == name) return 1;
  if (!folder.starts_with(name + "-")) return 0;
  const std::string digits = folder.substr(name.size() + 1);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() && number >= 2 ? number : 0;
}

[[noreturn]] void fail_to_make(const fs::path& path, const std::error_code& error) {
  throw Error(ExitStatus::kFailed, "cannot make the folder " + path.string() + ": " + error.message());
}

}  // namespace

void make_folders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail_to_make(path, error);
}

fs::path make_numbered_folder(const fs::path& root, const std::string& name) {
  make_folders(root);
  for (int64_t number = 1;; ++number) {
    fs::path path = root / (number == 1 ? name : name + "-" + std::to_string(number));
    std::error_code error;
    if (fs::create_directory(path, error)) return path;
    if (error && error != std::errc::file_exists) fail_to_make(path, error);
  }
}

std::vector<fs::path> numbered_folders(const fs::path& root, const std::string& name,
                                       const std::function<bool(const fs::path&)>& counts) {
  std::map<int64_t, fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root, error)) {
    const int64_t number = number_of(entry.path().filename().string(), name);
    if (number > 0 && entry.is_directory() && counts(entry.path())) found[number] = entry.path();
  }
  if (error && error != std::errc::no_such_file_or_directory)
    throw Error(ExitStatus::kFailed, "cannot look into " + root.string() + ": " + error.message());
  std::vector<fs::path> folders;
  for (const auto& [number, folder] : found) folders.push_back(folder);
  return folders;
}

std::optional<fs::path> newest_numbered_folder(const fs::path& root, const std::string& name,
                                               const std::function<bool(const fs::path&)>& counts) {
  const auto folders = numbered_folders(root, name, counts);
  return folders.empty() ? std::nullopt : std::optional(folders.back());
}

FolderLock::FolderLock(const fs::path& folder, const std::string& use)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0)
    throw Error(ExitStatus::kFailed, "cannot open " + folder.string() + ": " + std::strerror(errno));
  // Who only looks whether it is locked holds it for an instant.
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ::close(descriptor_);
  throw Error(ExitStatus::kFailed, folder.string() + " is in use: another process is " + use + " there");
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace actlab
