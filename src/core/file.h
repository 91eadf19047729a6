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

// The whole of a regular file. Throws Error(`status`) naming the path: it does not exist, is a folder, a
// device or a pipe, cannot be read, changes its size meanwhile, or is larger than `limit` bytes (checked
// before anything is allocated) or than memory.
Bytes read_file(const std::filesystem::path& path, ExitStatus status, uint64_t limit = UINT64_MAX);

// The same as text.
std::string read_text(const std::filesystem::path& path, ExitStatus status, uint64_t limit = UINT64_MAX);

// Writes the file whole or not at all: a temporary file in the same folder, fsync, rename, fsync of the
// folder. On failure (full disk, no permission, ...) the old file is untouched, the temporary one is removed,
// and Error (1) says which step failed on which path. (Should the folder's fsync fail, the new file stands,
// and the message says that a power failure may still lose it.) Left-over temporaries of a killed process
// (".<name>.tmp-<pid>" of a pid that no longer runs) are removed first. One thread at a time may write a
// given path. A file-size limit (ulimit -f) is such a failure where SIGXFSZ is ignored. A link is followed; a
// device or a pipe is written to and stays what it is.
void write_file_atomically(const std::filesystem::path& path,
                           std::initializer_list<std::span<const uint8_t>> parts);
void write_file_atomically(const std::filesystem::path& path,
                           std::span<const std::span<const uint8_t>> parts);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

// 64 lower-case hexadecimal digits, over the parts in order.
std::string sha256(std::initializer_list<std::span<const uint8_t>> parts);
std::string sha256(std::span<const std::span<const uint8_t>> parts);

std::span<const uint8_t> as_bytes(std::string_view text);

}  // namespace actlab
