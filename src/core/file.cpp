#include "core/file.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

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

// Throws "<what> <path>: <reason>". No argument's evaluation may change errno before `error` has it.
[[noreturn]] void fail(ExitStatus status, std::string_view what, const fs::path& path, int error = errno) {
  throw Error(status, std::string(what) + " " + path.string() + ": " +
                          std::generic_category().message(error) + advice(error));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  // False with errno set when the kernel reports a late write error.
  bool close() {
    // After EINTR Linux has closed the descriptor all the same.
    return ::close(std::exchange(fd_, -1)) == 0 || errno == EINTR;
  }

 private:
  int fd_;
};

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

bool write_fully(int fd, std::span<const uint8_t> data) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = EIO;
    if (n <= 0) return false;
    data = data.subspan(static_cast<size_t>(n));
  }
  return true;
}

uint64_t regular_file_size(int fd, const fs::path& path, ExitStatus status, uint64_t limit) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) fail(status, "cannot examine", path);
  if (S_ISDIR(info.st_mode)) throw Error(status, path.string() + " is a folder; a file is expected");
  if (!S_ISREG(info.st_mode)) {
    throw Error(status, path.string() + " is a device or a pipe; a regular file is expected");
  }
  const auto size = static_cast<uint64_t>(info.st_size);
  if (size > limit) {
    throw Error(status, path.string() + " is too large: " + std::to_string(size) + " bytes, where at most " +
                            std::to_string(limit) + " are allowed");
  }
  return size;
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
      if (!write_fully(file_->get(), part)) fail(ExitStatus::kFailed, "cannot write", path_);
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

bool is_special(const fs::path& path) {
  std::error_code ignored;
  const auto type = fs::status(path, ignored).type();
  return type == fs::file_type::character || type == fs::file_type::block || type == fs::file_type::fifo;
}

void write_in_place(const fs::path& path, Parts parts) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0) fail(ExitStatus::kFailed, "cannot open", path);
  for (const auto& part : parts) {
    if (!write_fully(file.get(), part)) fail(ExitStatus::kFailed, "cannot write", path);
  }
}

}  // namespace

Bytes read_file(const fs::path& path, ExitStatus status, uint64_t limit) {
  // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) fail(status, "cannot open", path);
  Bytes bytes = allocate(regular_file_size(file.get(), path, status, limit), path, status);
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

std::string read_text(const fs::path& path, ExitStatus status, uint64_t limit) {
  const Bytes bytes = read_file(path, status, limit);
  return {bytes.begin(), bytes.end()};
}

void write_file_atomically(const fs::path& path, Parts parts) {
  if (!path.has_filename())
    throw Error(ExitStatus::kFailed, "cannot write '" + path.string() + "': not a file name");
  if (is_special(path)) return write_in_place(path, parts);
  std::error_code ignored;
  if (fs::is_symlink(path, ignored)) {
    const fs::path target = fs::weakly_canonical(path, ignored);
    if (!ignored && !fs::is_symlink(target, ignored)) return write_file_atomically(target, parts);
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
