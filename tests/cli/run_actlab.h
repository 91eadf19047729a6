#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "core/stopwatch.h"
#include "core/test_support.h"

namespace actlab::test {

inline const std::string kConfigs = ACTLAB_SOURCE_DIR "/configs/";

// The program lies beside the tests.
inline std::string actlab_binary() {
  return std::filesystem::read_symlink("/proc/self/exe").replace_filename("actlab");
}

// What one call of the program did.
struct Outcome {
  int status = -1;  // exit status; -1 when a signal ended it
  std::string out;
  std::string err;

  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

// A started program; its output goes to files in `folder`.
class Started {
 public:
  Started(const TemporaryFolder& folder, std::vector<std::string> arguments)
      : out_(folder / "stdout.txt"), err_(folder / "stderr.txt") {
    arguments.insert(arguments.begin(), actlab_binary());
    // What an earlier call left must not be taken for this one's.
    std::filesystem::remove(out_);
    std::filesystem::remove(err_);
    pid_ = ::fork();
    if (pid_ != 0) return;
    redirect(out_, STDOUT_FILENO);
    redirect(err_, STDERR_FILENO);
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }

  void signal(int number) const { ::kill(pid_, number); }
  pid_t pid() const { return pid_; }

  Outcome wait() const {
    const int status = wait_for(pid_);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(out_), text_of(err_)};
  }

  // Returns once the program has said that it trains; a failure when it doesn't within two minutes.
  void wait_until_training() const {
    const Stopwatch watch;
    while (watch.seconds() < 120) {
      const std::string said = text_of(err_);
      for (const char* sign : {"run directory", "resuming", "error: "})
        if (said.find(sign) != std::string::npos) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ADD_FAILURE() << "it does not train: " << text_of(err_);
  }

 private:
  static void redirect(const std::filesystem::path& file, int descriptor) {
    ::dup2(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), descriptor);
  }

  std::filesystem::path out_, err_;
  pid_t pid_ = -1;
};

inline Outcome run_actlab(const TemporaryFolder& folder, const std::vector<std::string>& arguments) {
  return Started(folder, arguments).wait();
}

// A config of a network that uses everything with a state: dropout, batch norm, momentum, validation, a
// schedule. It trains for about a second.
inline std::filesystem::path small_config(const TemporaryFolder& folder) {
  put_text(folder / "small.yaml",
           "seed: 7\n"
           "device: cpu\n"
           "threads: 1\n"
           "data: {type: synthetic, shape: [1, 8, 8], classes: 4, examples: 2000, test_examples: 80, "
           "validation: 80}\n"
           "model:\n"
           "  type: sequential\n"
           "  layers: [{type: conv, channels: 4, padding: 1}, batch_norm, activation, max_pool, flatten, "
           "dropout, linear]\n"
           "  activation: prelu\n"
           "loss: cross_entropy\n"
           "optimizer: {type: sgd, lr: 0.05, momentum: 0.9}\n"
           "schedule: {type: step, step_size: 2, gamma: 0.5, warmup: 10}\n"
           "train: {epochs: 12, batch_size: 16}\n"
           "run: {root: runs}\n");
  return folder / "small.yaml";
}

}  // namespace actlab::test
