#include "compare/jobs.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
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

#include "core/child.h"
#include "core/error.h"
#include "core/stopwatch.h"

namespace actlab {
namespace {

constexpr size_t kKeptOutput = 1 << 20;
constexpr size_t kKeptErrors = 4096;
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

// A job while it runs.
class Running {
 public:
  Running(const Job& job, size_t index) {
    result_.job = index;
    pid_ = start_child({.command = job.command,
                        .environment = job.environment,
                        .out = out_.writing(),
                        .err = err_.writing()});
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
    const int status = child_status(pid_, wait_options);
    if (status < 0) return false;
    // What it started and left behind may hold the pipes open for ever.
    out_.read();
    err_.read();
    result_.status = status;
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
