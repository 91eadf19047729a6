#include "core/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "core/error.h"

namespace actlab {
namespace {

// A started program. Whatever becomes of this one, it ends before the object does.
class Running {
 public:
  explicit Running(pid_t pid) : pid_(pid) {}
  ~Running() {
    if (pid_ < 0) return;
    ::kill(-pid_, SIGTERM);
    for (int i = 0; i < 100; ++i) {  // a second to tidy up
      if (::waitpid(pid_, nullptr, WNOHANG) != 0) return;
      ::usleep(10'000);
    }
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  int wait() { return child_status(std::exchange(pid_, -1)); }

 private:
  pid_t pid_;
};

void check_stop(const std::string& program) {
  const int signal = stop_signal();
  if (signal != 0) throw Error(status_after(signal), program + ": stopped by " + signal_name(signal));
}

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) refused_by_system("cannot make a pipe", errno);
  }
  ~Pipe() {
    close_writing();
    ::close(ends_[0]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void close_writing() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }

 private:
  std::array<int, 2> ends_{};
};

std::string read_to_end(int fd, const std::string& program) {
  constexpr size_t kKept = 4096;
  constexpr int kPollMilliseconds = 100;
  std::array<char, 4096> piece{};
  std::string text;
  while (true) {
    check_stop(program);
    pollfd readable{fd, POLLIN, 0};
    if (::poll(&readable, 1, kPollMilliseconds) <= 0) continue;
    const ssize_t n = ::read(fd, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    if (text.size() < kKept) text.append(piece.data(), static_cast<size_t>(n));
  }
}

}  // namespace

ProcessResult run_program(const std::vector<std::string>& command, const std::filesystem::path& folder) {
  check_stop(command[0]);
  Pipe pipe;
  Running running(
      start_child({.command = command, .folder = folder, .out = pipe.writing(), .err = pipe.writing()}));
  pipe.close_writing();
  ProcessResult result;
  result.output = read_to_end(pipe.reading(), command[0]);
  result.status = running.wait();
  return result;
}

TemporaryFolder::TemporaryFolder() {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error) refused_by_system("there is no folder for temporary files (set TMPDIR)", error.value());
  std::string name = (parent / "actlab-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) refused_by_system("cannot make the temporary folder " + name, errno);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace actlab
