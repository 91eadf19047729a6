#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace actlab {

// Folders of results, which are never overwritten: `name`, then `name-2`, `name-3`, ...

// Makes the folder and those above it. Throws Error (1) when it cannot.
void make_folders(const std::filesystem::path& path);

// Makes root/name or the first of root/name-2, ... that is not there; of two processes that try at once each
// gets its own. Throws Error (1) when it cannot.
std::filesystem::path make_numbered_folder(const std::filesystem::path& root, const std::string& name);

// Those of these folders that `counts`, the highest number last.
std::vector<std::filesystem::path> numbered_folders(
    const std::filesystem::path& root, const std::string& name,
    const std::function<bool(const std::filesystem::path&)>& counts);
// The last of them, if there is one.
std::optional<std::filesystem::path> newest_numbered_folder(
    const std::filesystem::path& root, const std::string& name,
    const std::function<bool(const std::filesystem::path&)>& counts);

// While one lives, no other process gets one for the same folder; the end of the process releases it.
class FolderLock {
 public:
  // `use` is what another process is doing there, for the message: "training". Throws Error (1) when one
  // is, or when the folder cannot be opened.
  FolderLock(const std::filesystem::path& folder, const std::string& use);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  int descriptor_;
};

}  // namespace actlab
