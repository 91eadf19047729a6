#include "compare/jobs.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "core/error.h"
#include "core/stopwatch.h"

namespace actlab {
namespace {

constexpr size_t kKeptOutput = 1 << 20;
constexpr size_t kKeptErrors = 4096;
constexpr int kCannotStart = 127;
constexpr int kPollMilliseconds = 100;
constexpr int kEndingMilliseconds = 2;  // a process whose output has ended is about to end itself

[[noreturn]] void fail(const std::string& what, int error) {
  throw Error(ExitStatus::kFailed, what + ": " + std::generic_category().message(error) +
                                       "; free some, or run fewer at a time (--jobs)");
}

// The reading end of a pipe that a job writes to.
class Stream {
 public:
  explicit Stream(bool keep_end) : keep_end_(keep_end) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("cannot make a pipe", errno);
    reading_ = ends[0];
    writing_ = ends[1];
    ::fcntl(reading_, F_SETFL, O_NONBLOCK);
  }
  ~Stream() {
    close_writing();
    close_reading();
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  int reading() const { return reading_; }  // -1 once the other end is closed
  int writing() const { return writing_; }
  void close_writing() {
    if (writing_ >= 0) ::close(std::exchange(writing_, -1));
  }

  // Takes what is there, without waiting.
  void read() {
    std::array<char, 16384> piece{};
    while (reading_ >= 0) {
      const ssize_t n = ::read(reading_, piece.data(), piece.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno == EAGAIN) return;
      if (n <= 0) return close_reading();
      keep({piece.data(), static_cast<size_t>(n)});
    }
  }

  std::string take() { return std::move(text_); }

 private:
  void close_reading() {
    if (reading_ >= 0) ::close(std::exchange(reading_, -1));
  }

  void keep(std::string_view piece) {
    if (!keep_end_) {
      text_ += piece.substr(0, kKeptOutput - text_.size());
      return;
    }
    text_ += piece;
    if (text_.size() > kKeptErrors) text_.erase(0, text_.size() - kKeptErrors);
  }

  bool keep_end_;
  int reading_ = -1;
  int writing_ = -1;
  std::string text_;
};

// While one lives, this thread is not interrupted by the signals that stop a job.
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

std::vector<std::string> environment_with(const std::vector<std::string>& added) {
  std::vector<std::string> all = added;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('=') + 1);
    if (std::ranges::none_of(added, [&](const auto& each) { return each.starts_with(name); })) {
      all.push_back(text);
    }
  }
  return all;
}

// What the new process does between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* command, char* const* environment, const Stream& out, const Stream& err,
                         pid_t parent, const sigset_t& mask) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kCannotStart);  // it was killed before the line above
  // A signal handed on before exec must end the process; the inherited handler would only remember it.
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(out.writing(), STDOUT_FILENO);
  ::dup2(err.writing(), STDERR_FILENO);
  ::execve(command[0], command, environment);
  constexpr std::string_view kMessage = "the program cannot be started\n";
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
  ::_exit(kCannotStart);
}

// A job while it runs.
class Running {
 public:
  Running(const Job& job, size_t index) {
    result_.job = index;
    std::vector<std::string> command = job.command;
    std::vector<std::string> environment = environment_with(job.environment);
    const auto command_pointers = pointers(command);
    const auto environment_pointers = pointers(environment);
    const pid_t parent = ::getpid();
    const SignalsHeld held;
    pid_ = ::fork();
    if (pid_ == 0) {
      become(command_pointers.data(), environment_pointers.data(), out_, err_, parent, held.former());
    }
    if (pid_ < 0) fail("cannot start another process", errno);
    ::setpgid(pid_, pid_);  // both sides do: whoever comes first, the group is there from now on
    out_.close_writing();
    err_.close_writing();
  }

  Stream& out() { return out_; }
  Stream& err() { return err_; }
  bool silent() const { return out_.reading() < 0 && err_.reading() < 0; }

  void stop(int signal) {
    if (std::exchange(result_.stopped, true)) return;
    ::kill(-pid_, signal);  // and what it may have started
  }

  // True once the process has ended; result() is complete then.
  bool ended(int wait_options) {
    int status = 0;
    pid_t waited = 0;
    do {
      waited = ::waitpid(pid_, &status, wait_options);
    } while (waited < 0 && errno == EINTR);
    if (waited == 0) return false;
    if (waited < 0) fail("cannot tell how a run has ended", errno);
    // What it started and left behind may hold the pipes open for ever.
    out_.read();
    err_.read();
    result_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result_.seconds = watch_.seconds();
    result_.out = out_.take();
    result_.err = err_.take();
    return true;
  }

  const JobResult& result() const { return result_; }

 private:
  JobResult result_;
  Stopwatch watch_;
  Stream out_{/*keep_end=*/false};
  Stream err_{/*keep_end=*/true};
  pid_t pid_ = -1;
};

// The jobs that run now. At the end of its life they are stopped and waited for.
class Pack {
 public:
  Pack() = default;
  Pack(const Pack&) = delete;
  Pack& operator=(const Pack&) = delete;
  ~Pack() {
    stop(SIGTERM);
    while (!running_.empty()) {
      wait_for_output();
      std::erase_if(running_, [](const auto& job) { return job->ended(WNOHANG); });
    }
  }

  size_t size() const { return running_.size(); }
  void start(const Job& job, size_t index) { running_.push_back(std::make_unique<Running>(job, index)); }
  void stop(int signal) {
    for (const auto& job : running_) job->stop(signal);
  }

  // Reads what the jobs print, as it comes, for at most a tenth of a second.
  void wait_for_output() {
    std::vector<pollfd> pipes;
    int milliseconds = kPollMilliseconds;
    for (const auto& job : running_) {
      if (job->silent()) milliseconds = kEndingMilliseconds;
      for (const int descriptor : {job->out().reading(), job->err().reading()}) {
        if (descriptor >= 0) pipes.push_back({descriptor, POLLIN, 0});
      }
    }
    ::poll(pipes.data(), pipes.size(), milliseconds);
    for (const auto& job : running_) {
      job->out().read();
      job->err().read();
    }
  }

  // Those that have ended since the last call leave the pack.
  std::vector<JobResult> take_ended() {
    std::vector<JobResult> results;
    std::erase_if(running_, [&](const auto& job) {
      if (!job->ended(WNOHANG)) return false;
      results.push_back(job->result());
      return true;
    });
    return results;
  }

 private:
  std::vector<std::unique_ptr<Running>> running_;
};

}  // namespace

size_t job_slots() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) return static_cast<size_t>(CPU_COUNT(&allowed));
  return std::max(1U, std::thread::hardware_concurrency());
}

int run_jobs(const std::vector<Job>& jobs, size_t slots, const StopSignals& signals,
             const JobsObserver& observer) {
  Pack pack;
  size_t next = 0;
  bool cut_short = false;
  while (true) {
    const int signal = signals.requested();
    while (signal == 0 && next < jobs.size() && pack.size() < slots) {
      pack.start(jobs[next], next);
      ++next;
    }
    if (signal != 0) {
      pack.stop(signal);
      cut_short |= pack.size() > 0 || next < jobs.size();
    }
    if (pack.size() == 0) return cut_short ? signal : 0;
    pack.wait_for_output();
    for (const JobResult& result : pack.take_ended()) observer.ended(result);
    if (observer.waiting) observer.waiting(pack.size());
  }
}

}  // namespace actlab
