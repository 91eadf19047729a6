#include "core/child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <system_error>

#include "core/error.h"

namespace actlab {
namespace {

// While one lives, this thread is not interrupted by the signals that stop a program.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &held, &former_);
  }
  ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &former_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

  const sigset_t& former() const { return former_; }

 private:
  sigset_t former_{};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> environment_with(std::vector<std::string> added) {
  const size_t count = added.size();
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('=') + 1);
    const auto end = added.begin() + static_cast<std::ptrdiff_t>(count);
    if (std::none_of(added.begin(), end, [&](const auto& each) { return each.starts_with(name); }))
      added.emplace_back(text);
  }
  return added;
}

void say(std::string_view text) {
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, text.data(), text.size());
}

// What the new process does between fork and exec: only calls that are safe there.
[[noreturn]] void become(const Child& child, char* const* command, char* const* environment, pid_t parent,
                         const sigset_t& mask) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kCannotStart);  // it was killed before the line above
  // A signal handed on before exec must end the process; the inherited handler would only remember it.
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(child.out, STDOUT_FILENO);
  ::dup2(child.err, STDERR_FILENO);
  if (child.folder.empty() || ::chdir(child.folder.c_str()) == 0) ::execvpe(command[0], command, environment);
  const bool missing = errno == ENOENT;
  say(command[0]);
  say(missing ? " is not installed\n" : " cannot be started\n");
  ::_exit(missing ? kNoSuchProgram : kCannotStart);
}

}  // namespace

void refused_by_system(const std::string& what, int error) {
  throw Error(ExitStatus::kFailed, what + ": " + std::generic_category().message(error));
}

pid_t start_child(Child child) {
  std::vector<std::string> environment = environment_with(child.environment);
  const auto environment_pointers = pointers(environment);
  const auto command_pointers = pointers(child.command);
  const pid_t parent = ::getpid();
  const SignalsHeld held;
  const pid_t pid = ::fork();
  if (pid == 0) become(child, command_pointers.data(), environment_pointers.data(), parent, held.former());
  if (pid < 0) refused_by_system("cannot start " + child.command[0], errno);
  ::setpgid(pid, pid);  // both sides do: whoever comes first, the group is there from now on
  return pid;
}

int child_status(pid_t pid, int options) {
  int status = 0;
  pid_t waited = 0;
  do {
    waited = ::waitpid(pid, &status, options);
  } while (waited < 0 && errno == EINTR);
  if (waited == 0) return -1;
  if (waited < 0) refused_by_system("cannot tell how a program has ended", errno);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace actlab
