#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace actlab {

using Bytes = std::vector<uint8_t>;

// A file that is open, closed again at the end of its life.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  int get() const { return fd_; }
  // False with errno set when the kernel reports a late write error.
  bool close();

 private:
  int fd_;
};

// Opens a regular file and never waits, as for a pipe that nobody writes to. Throws Error(`status`) naming
// the path: it does not exist, is a folder, a device or a pipe, or cannot be read.
Descriptor open_to_read(const std::filesystem::path& path, ExitStatus status);

// Opens a file for lines to be added at its end; made when it is missing. Throws Error (1) as check_own_file
// does, and when it cannot be opened.
Descriptor open_to_append(const std::filesystem::path& path);

// Refuses what is there but is no regular file with this one name: what is written to a link, a pipe or a
// device would end elsewhere, or wait for ever. Throws Error (1) naming it.
void check_own_file(const std::filesystem::path& path);

// False with errno set when not all of it could be written.
bool write_fully(const Descriptor& file, std::span<const uint8_t> data);

// The whole of a regular file. Throws Error(`status`) naming the path: as open_to_read does, or it changes
// its size meanwhile, or is larger than `limit` bytes (checked before anything is allocated) or than memory.
// What is not there is answered with a name that is near.
Bytes read_file(const std::filesystem::path& path, ExitStatus status, uint64_t limit = UINT64_MAX);

// At most the first `size` bytes; none where the file cannot be read. Never throws.
Bytes read_head(const std::filesystem::path& path, size_t size);

// The whole of standard input, `limit` bytes at most. Throws Error(`status`).
Bytes read_standard_input(ExitStatus status, uint64_t limit);

// The same as text.
std::string read_text(const std::filesystem::path& path, ExitStatus status, uint64_t limit = UINT64_MAX);

// Writes the file whole or not at all: a temporary file in the same folder, fsync, rename, fsync of the
// folder. On failure (full disk, no permission, ...) the old file is untouched, the temporary one is removed,
// and Error (1) says which step failed on which path. (Should the folder's fsync fail, the new file stands,
// and the message says that a power failure may still lose it.) Left-over temporaries of a killed process
// (".<name>.tmp-<pid>" of a pid that no longer runs) are removed first. One thread at a time may write a
// given path. A file-size limit (ulimit -f) is such a failure where SIGXFSZ is ignored. A link is replaced,
// not followed; a device or a pipe is refused.
void write_file_atomically(const std::filesystem::path& path,
                           std::initializer_list<std::span<const uint8_t>> parts);
void write_file_atomically(const std::filesystem::path& path,
                           std::span<const std::span<const uint8_t>> parts);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

// The same for a file that the user has named, as with --out: a link is followed, and a device or a pipe
// (/dev/stdout) is written to and stays what it is.
void write_named_file(const std::filesystem::path& path, std::string_view text);

// Gives the file a second name in the same folder, in place of what had that name. Where the file system
// knows no second names, the file gets the new name instead of its own. Throws Error (1).
void name_again(const std::filesystem::path& path, const std::filesystem::path& second);

// 64 lower-case hexadecimal digits, over the parts in order.
std::string sha256(std::initializer_list<std::span<const uint8_t>> parts);
std::string sha256(std::span<const std::span<const uint8_t>> parts);

std::span<const uint8_t> as_bytes(std::string_view text);

}  // namespace actlab
