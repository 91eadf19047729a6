#include "core/file.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

#include "core/near_file.h"
#include "core/signals.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using Parts = std::span<const std::span<const uint8_t>>;

std::string advice(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "; free some space there, or choose another folder";
    case EFBIG:
      return "; raise the file-size limit (ulimit -f)";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; check the permissions, or choose another place";
    default:
      return "";
  }
}

constexpr std::string_view kCannotOpen = "cannot open";

// Throws "<what> <path>: <reason>". No argument's evaluation may change errno before `error` has it.
[[noreturn]] void fail(ExitStatus status, std::string_view what, const fs::path& path, int error = errno) {
  const fs::path near = error == ENOENT && what == kCannotOpen ? near_file(path) : fs::path();
  throw Error(status, std::string(what) + " " + path.string() + ": " +
                          std::generic_category().message(error) + advice(error) +
                          (near.empty() ? "" : ": did you mean '" + near.string() + "'?"));
}

// The bytes read, fewer than `size` only at the end of the file; -1 with errno set.
ssize_t read_fully(int fd, uint8_t* data, size_t size) {
  size_t done = 0;
  while (done < size) {
    const ssize_t n = ::read(fd, data + done, size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  return static_cast<ssize_t>(done);
}

struct stat examine(const Descriptor& file, const fs::path& path, ExitStatus status) {
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) fail(status, "cannot examine", path);
  return info;
}

void need_regular(const struct stat& info, const fs::path& path, ExitStatus status) {
  if (S_ISREG(info.st_mode)) return;
  throw Error(status,
              path.string() + (S_ISDIR(info.st_mode) ? " is a folder; a file is expected"
                                                     : " is a device or a pipe; a regular file is expected"));
}

void need_own(const struct stat& info, const fs::path& path) {
  if (S_ISREG(info.st_mode) && info.st_nlink <= 1) return;
  const char* const what = S_ISDIR(info.st_mode)   ? "a folder"
                           : S_ISLNK(info.st_mode) ? "a link to another file"
                           : S_ISREG(info.st_mode) ? "a file with a second name elsewhere (a hard link)"
                                                   : "a device or a pipe";
  throw Error(ExitStatus::kFailed, path.string() + " is " + what +
                                       ", and only a file of this folder's own is written to; move it away");
}

Bytes allocate(uint64_t size, const fs::path& path, ExitStatus status) {
  try {
    return Bytes(size);
  } catch (const std::bad_alloc&) {
  } catch (const std::length_error&) {
  }
  throw Error(status, path.string() + " does not fit into memory: " + std::to_string(size) + " bytes");
}

// A temporary file in the folder of its target, removed again unless it was renamed to it.
class Temporary {
 public:
  Temporary(int folder, const fs::path& target)
      : folder_(folder), path_(target), name_(prefix(target) + std::to_string(::getpid())) {
    path_.replace_filename(name_);
    file_ = std::make_unique<Descriptor>(
        ::openat(folder_, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (file_->get() < 0) fail(ExitStatus::kFailed, "cannot create", path_);
  }
  ~Temporary() {
    if (!name_.empty()) ::unlinkat(folder_, name_.c_str(), 0);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  static std::string prefix(const fs::path& target) { return "." + target.filename().string() + ".tmp-"; }

  void write(Parts parts) {
    for (const auto& part : parts) {
      if (!write_fully(*file_, part)) fail(ExitStatus::kFailed, "cannot write", path_);
    }
    if (::fsync(file_->get()) != 0) fail(ExitStatus::kFailed, "cannot flush (fsync)", path_);
    if (!file_->close()) fail(ExitStatus::kFailed, "cannot close", path_);
  }

  void rename_to(const fs::path& target) {
    if (::renameat(folder_, name_.c_str(), folder_, target.filename().c_str()) != 0) {
      fail(ExitStatus::kFailed, "cannot rename the temporary file to", target);
    }
    name_.clear();
  }

 private:
  int folder_;
  fs::path path_;     // for messages
  std::string name_;  // empty once renamed
  std::unique_ptr<Descriptor> file_;
};

bool left_over(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (error != std::errc() || end != name.data() + name.size() || pid <= 0) return false;
  // In a container a restarted program often gets its old pid back: a file of that pid is nobody else's.
  return pid == ::getpid() || (::kill(pid, 0) != 0 && errno == ESRCH);
}

void remove_left_overs(int folder, const fs::path& folder_path, const fs::path& target) {
  const std::string prefix = Temporary::prefix(target);
  std::error_code ignored;  // tidying up must not stop the write
  fs::directory_iterator entry(folder_path, ignored);
  for (; !ignored && entry != fs::directory_iterator(); entry.increment(ignored)) {
    const std::string name = entry->path().filename().string();
    if (left_over(name, prefix)) ::unlinkat(folder, name.c_str(), 0);
  }
}

bool is_special(const fs::file_status& status) {
  const auto type = status.type();
  return type == fs::file_type::character || type == fs::file_type::block || type == fs::file_type::fifo;
}

void write_in_place(const fs::path& path, Parts parts) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0) fail(ExitStatus::kFailed, "cannot open", path);
  for (const auto& part : parts) {
    if (!write_fully(file, part)) fail(ExitStatus::kFailed, "cannot write", path);
  }
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

bool Descriptor::close() {
  // After EINTR Linux has closed the descriptor all the same.
  return ::close(std::exchange(fd_, -1)) == 0 || errno == EINTR;
}

bool write_fully(const Descriptor& file, std::span<const uint8_t> data) {
  while (!data.empty()) {
    const ssize_t n = ::write(file.get(), data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = EIO;
    if (n <= 0) return false;
    data = data.subspan(static_cast<size_t>(n));
  }
  return true;
}

Descriptor open_to_read(const fs::path& path, ExitStatus status) {
  // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) fail(status, kCannotOpen, path);
  need_regular(examine(file, path, status), path, status);
  return file;
}

Descriptor open_to_append(const fs::path& path) {
  check_own_file(path);
  Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644));
  if (file.get() < 0) fail(ExitStatus::kFailed, "cannot open", path);
  need_own(examine(file, path, ExitStatus::kFailed), path);
  return file;
}

void check_own_file(const fs::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0) need_own(info, path);
}

Bytes read_file(const fs::path& path, ExitStatus status, uint64_t limit) {
  const Descriptor file = open_to_read(path, status);
  const auto size = static_cast<uint64_t>(examine(file, path, status).st_size);
  if (size > limit) {
    throw Error(status, path.string() + " is too large: " + std::to_string(size) + " bytes, where at most " +
                            std::to_string(limit) + " are allowed");
  }
  Bytes bytes = allocate(size, path, status);
  const ssize_t count = read_fully(file.get(), bytes.data(), bytes.size());
  uint8_t beyond = 0;
  const ssize_t more = count < 0 ? -1 : read_fully(file.get(), &beyond, 1);
  if (more < 0) fail(status, "cannot read", path);
  if (static_cast<size_t>(count) != bytes.size() || more != 0) {
    throw Error(status,
                path.string() + " changed its size while it was read; try again once nothing writes to it");
  }
  return bytes;
}

Bytes read_head(const fs::path& path, size_t size) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::error_code ignored;
  if (file.get() < 0 || !fs::is_regular_file(path, ignored)) return {};
  Bytes bytes(size);
  bytes.resize(static_cast<size_t>(std::max<ssize_t>(0, read_fully(file.get(), bytes.data(), size))));
  return bytes;
}

Bytes read_standard_input(ExitStatus status, uint64_t limit) {
  constexpr size_t kPiece = 1 << 16;
  Bytes bytes;
  for (;;) {
    const size_t done = bytes.size();
    bytes.resize(done + kPiece);
    const ssize_t count = read_fully(STDIN_FILENO, bytes.data() + done, kPiece);
    if (count < 0) fail(status, "cannot read", "standard input");
    bytes.resize(done + static_cast<size_t>(count));
    if (bytes.size() > limit)
      throw Error(status, "standard input holds more than " + std::to_string(limit) + " bytes");
    if (static_cast<size_t>(count) < kPiece) return bytes;
  }
}

std::string read_text(const fs::path& path, ExitStatus status, uint64_t limit) {
  const Bytes bytes = read_file(path, status, limit);
  return {bytes.begin(), bytes.end()};
}

void write_file_atomically(const fs::path& path, Parts parts) {
  if (!path.has_filename())
    throw Error(ExitStatus::kFailed, "cannot write '" + path.string() + "': not a file name");
  const Unstopped unstopped;  // else the temporary file would be left behind
  std::error_code ignored;
  if (is_special(fs::symlink_status(path, ignored))) {
    throw Error(ExitStatus::kFailed,
                "cannot write " + path.string() + ": it is a device or a pipe; move it away");
  }
  const fs::path folder_path = path.has_parent_path() ? path.parent_path() : fs::path(".");
  // Opened before anything is written, so that this failure too leaves the old file.
  const Descriptor folder(::open(folder_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) fail(ExitStatus::kFailed, "cannot open the folder", folder_path);
  remove_left_overs(folder.get(), folder_path, path);
  Temporary temporary(folder.get(), path);
  temporary.write(parts);
  temporary.rename_to(path);
  // Some network file systems cannot flush a folder and say EINVAL.
  if (::fsync(folder.get()) != 0 && errno != EINVAL) {
    fail(ExitStatus::kFailed, "the file is written, but cannot flush (fsync) its folder", folder_path);
  }
}

void write_file_atomically(const fs::path& path, std::initializer_list<std::span<const uint8_t>> parts) {
  write_file_atomically(path, Parts(parts.begin(), parts.size()));
}

void write_file_atomically(const fs::path& path, std::string_view text) {
  write_file_atomically(path, {as_bytes(text)});
}

void write_named_file(const fs::path& path, std::string_view text) {
  std::error_code error;
  const std::span<const uint8_t> part = as_bytes(text);
  if (is_special(fs::status(path, error))) return write_in_place(path, {&part, 1});
  const fs::path target = fs::is_symlink(path, error) ? fs::weakly_canonical(path, error) : path;
  write_file_atomically(error ? path : target, text);
}

void name_again(const fs::path& path, const fs::path& second) {
  fs::path temporary = second;
  temporary.replace_filename(Temporary::prefix(second) + std::to_string(::getpid()));
  ::unlink(temporary.c_str());
  if (::link(path.c_str(), temporary.c_str()) == 0) {
    if (::rename(temporary.c_str(), second.c_str()) == 0) {
      // Renaming one name of a file to another of its names does nothing, and leaves both.
      ::unlink(temporary.c_str());
      return;
    }
    const int error = errno;
    ::unlink(temporary.c_str());
    fail(ExitStatus::kFailed, "cannot rename a file to", second, error);
  }
  if (::rename(path.c_str(), second.c_str()) != 0)
    fail(ExitStatus::kFailed, "cannot rename a file to", second);
}

std::string sha256(Parts parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  bool fine = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  for (const auto& part : parts)
    fine = fine && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (!fine || EVP_DigestFinal_ex(context.get(), digest, &size) != 1) {
    throw Error(ExitStatus::kFailed, "libcrypto cannot compute a SHA-256; check the OpenSSL installation");
  }
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

std::string sha256(std::initializer_list<std::span<const uint8_t>> parts) {
  return sha256(Parts(parts.begin(), parts.size()));
}

std::span<const uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace actlab
