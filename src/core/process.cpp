#include "core/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "core/error.h"

namespace actlab {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
  throw Error(ExitStatus::kFailed, what + ": " + std::generic_category().message(error));
}

// What a started program does before its own first step.
class Preparation {
 public:
  Preparation() { posix_spawn_file_actions_init(&actions_); }
  ~Preparation() { posix_spawn_file_actions_destroy(&actions_); }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

std::string read_to_end(int fd) {
  constexpr size_t kKept = 4096;
  std::array<char, 4096> piece{};
  std::string text;
  while (true) {
    const ssize_t n = ::read(fd, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    if (text.size() < kKept) text.append(piece.data(), static_cast<size_t>(n));
  }
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) fail("cannot wait for a program", errno);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ProcessResult run_program(const std::vector<std::string>& command, const std::filesystem::path& folder) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail("cannot make a pipe", errno);
  Preparation preparation;
  posix_spawn_file_actions_addchdir_np(preparation.get(), folder.c_str());
  posix_spawn_file_actions_addopen(preparation.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(preparation.get(), pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(preparation.get(), pipe[1], STDERR_FILENO);
  std::vector<char*> arguments;
  for (const auto& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));  // posix_spawn only reads
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, arguments[0], preparation.get(), nullptr, arguments.data(), environ);
  ::close(pipe[1]);
  ProcessResult result;
  if (error == 0) result.output = read_to_end(pipe[0]);
  ::close(pipe[0]);
  if (error == ENOENT) return {kNoSuchProgram, command[0] + " is not installed"};
  if (error != 0) fail("cannot start " + command[0], error);
  result.status = wait_for(pid);
  return result;
}

TemporaryFolder::TemporaryFolder() {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error) fail("there is no folder for temporary files (set TMPDIR)", error.value());
  std::string name = (parent / "actlab-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) fail("cannot make the temporary folder " + name, errno);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace actlab
