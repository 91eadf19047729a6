// What holds for every command: a signal ends it with an exit status of its own from the first instant on,
// output that is lost is an error, and memory that runs out has a name.
#include <gmock/gmock.h>

#include <csignal>
#include <string>
#include <vector>

#include "cli/run_actlab.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

// Whether the process has become the program: until then it is still this one, whose signals are its own.
bool has_begun(pid_t pid) {
  std::error_code ignored;
  const fs::path self = "/proc/" + std::to_string(pid) + "/exe";
  return fs::read_symlink(self, ignored) == actlab_binary();
}

class EveryCommand : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    const Bytes images = idx_images(12, 8, 8);
    put_text(*folder_ / "images", {images.begin(), images.end()});
    const std::string config = small_config(*folder_);
    ASSERT_EQ(run_actlab(*folder_, {"train", config, "train.epochs=1", "run.name=made"}).status, 0);
    run_ = *folder_ / "runs/made";
    checkpoint_ = run_ + "/checkpoints/best.safetensors";
    config_ = config;
  }
  static void TearDownTestSuite() { delete folder_; }

  // Its exit status and what it printed, when it gets the signal `milliseconds` after it began.
  static Outcome stopped(const std::vector<std::string>& arguments, int milliseconds, int signal) {
    const Started started(*folder_, arguments);
    while (!has_begun(started.pid())) ::usleep(100);
    ::usleep(static_cast<useconds_t>(milliseconds) * 1000);
    started.signal(signal);
    return started.wait();
  }

  // Under `ulimit -v` of that many bytes.
  static Outcome limited(uint64_t bytes, const std::vector<std::string>& arguments) {
    std::string command = "ulimit -v " + std::to_string(bytes >> 10) + "; exec " + actlab_binary();
    for (const auto& argument : arguments) command += " '" + argument + "'";
    const fs::path err = *folder_ / "err";
    const int status = std::system((command + " > /dev/null 2> '" + err.string() + "'").c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, "", text_of(err)};
  }

  static inline TemporaryFolder* folder_ = nullptr;
  static inline std::string config_, run_, checkpoint_;
};

// Each of these runs for minutes.
TEST_F(EveryCommand, ASignalAtAnyMomentIsAnExitStatusSlow) {
  const std::vector<std::vector<std::string>> calls = {
      {"train", config_, "train.epochs=100000", "run.name=stopped"},
      {"evaluate", checkpoint_, "data.examples=3000000", "data.test_examples=3000000"},
      {"diagnose", config_, "--try", "--steps", "1000000"},
      {"compare", config_, "--activations", "relu,tanh", "--seeds", "3", "train.epochs=100000"},
      {"report", run_, "--live"},
      {"lesson", "run", "all", "all", "all", "all", "all", "all"},
  };
  int number = 0;
  for (const int milliseconds : {5, 10, 50, 150, 300, 400, 700, 1500}) {
    for (const auto& call : calls) {
      const int signal = ++number % 2 == 0 ? SIGINT : SIGTERM;
      const Outcome outcome = stopped(call, milliseconds, signal);
      EXPECT_EQ(outcome.status, 128 + signal)
          << call[0] << " after " << milliseconds << " ms: " << outcome.err;
    }
  }
}

// These may be done before it comes.
TEST_F(EveryCommand, ASignalToAShortOneIsAnExitStatusSlow) {
  const std::vector<std::vector<std::string>> calls = {
      {"--help"},
      {"--version"},
      {"info"},
      {"config", "check", config_},
      {"config", "show", config_},
      {"data", "info", "mnist"},
      {"data", "verify", "mnist"},
      {"activations", "list"},
      {"activations", "show", "gelu"},
      {"lesson", "list"},
      {"report", run_, "--out", (*folder_ / "page.html").string()},
      {"predict", checkpoint_, (*folder_ / "images").string()},
      {"evaluate", checkpoint_},
      {"diagnose", checkpoint_},
  };
  int number = 0;
  for (const int milliseconds : {5, 40, 200, 500}) {
    for (const auto& call : calls) {
      const int signal = ++number % 2 == 0 ? SIGINT : SIGTERM;
      const Outcome outcome = stopped(call, milliseconds, signal);
      EXPECT_THAT(outcome.status, AnyOf(128 + signal, 0, 3)) << call[0] << " after " << milliseconds << " ms";
    }
  }
}

TEST_F(EveryCommand, ASecondSignalEndsTrainingAtOnce) {
  const Started training(*folder_, {"train", config_, "train.epochs=100000", "run.name=twice"});
  training.wait_until_training();
  training.signal(SIGINT);
  training.signal(SIGTERM);
  EXPECT_THAT(training.wait().status, AnyOf(130, 143));
}

TEST_F(EveryCommand, OutputThatIsLostIsAnErrorSlow) {
  const std::string quote = "'";
  for (const std::string& call :
       {std::string("--help"), std::string("--version"), std::string("train --help"), std::string("info"),
        "config check '" + config_ + quote, "config show '" + config_ + quote, std::string("data info mnist"),
        std::string("activations list"), std::string("activations show relu"), std::string("lesson list"),
        std::string("lesson run sigmoid_slope"), "report '" + run_ + quote,
        "evaluate '" + checkpoint_ + quote,
        "predict '" + checkpoint_ + "' '" + (*folder_ / "images").string() + quote,
        "diagnose '" + checkpoint_ + quote, "train '" + config_ + "' train.epochs=1 run.name=lost",
        "compare '" + config_ + "' --activations relu --seeds 1 train.epochs=1"}) {
    const std::string command =
        actlab_binary() + " " + call + " > /dev/full 2> '" + (*folder_ / "err").string() + quote;
    EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 1) << call;
    EXPECT_THAT(text_of(*folder_ / "err"), HasSubstr("cannot write to stdout: ")) << call;
  }
}

// LibTorch alone takes some gigabytes of address space, though little memory.
TEST_F(EveryCommand, MemoryThatRunsOutHasANameSlow) {
  constexpr uint64_t kLimit = uint64_t{5} << 30;
  const std::string large =
      "data={type: synthetic, shape: [1, 64, 64], classes: 4, examples: 30000, test_examples: 100}";
  const auto train = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"train", config_, "run.name=much"});
    return more;
  };
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {train({"model={type: mlp, hidden: [1000000, 1000000]}"}), "a model of 1000068"},
      {train({"model={type: mlp, hidden: [60000, 60000]}"}), "of them in fc2, needs 14"},
      {{"diagnose", config_, "model={type: mlp, hidden: [200000, 200000]}"}, "a model of "},
      {train({large, "model={type: simple_cnn, activation: relu}", "loss=nll", "train.batch_size=30000"}),
       "training on batches of 30000 x [1, 64, 64]"},
  };
  for (const auto& [call, named] : cases) {
    const Outcome outcome = limited(kLimit, call);
    EXPECT_EQ(outcome.status, 1) << named;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("out of memory: "), HasSubstr(named))) << named;
    EXPECT_THAT(outcome.err, Not(AnyOf(HasSubstr("bad_alloc"), HasSubstr("alloc_cpu"))));
  }
}

TEST_F(EveryCommand, ALimitThatKeepsItFromLoadingIsNamed) {
  const Outcome outcome = limited(uint64_t{300} << 20, {"info"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("cannot be loaded"), HasSubstr("ulimit -v")));
}

}  // namespace
}  // namespace actlab::test
