#include <gmock/gmock.h>

#include <fstream>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/run_here.h"
#include "cli/slips.h"
#include "core/text.h"
#include "core/typed_path.h"

namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;

struct Slip {
  Words line;
  std::string answer;
};

void expect_answers(const std::vector<Slip>& slips, int status = 2) {
  for (const auto& [line, answer] : slips) {
    const Outcome outcome = run_here(line);
    EXPECT_EQ(outcome.status, status) << join(line, " ") << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(answer)) << join(line, " ");
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(Slips, ShortKeysAreTakenForTheWholeOnes) {
  const TemporaryFolder folder;
  const std::string config = small_config(folder);
  for (const char* command : {"train", "diagnose"}) {
    expect_answers({{{command, config, "epochs=1"}, "epochs: unknown key: did you mean 'train.epochs'?"},
                    {{command, config, "lr=0.1"}, "did you mean 'optimizer.lr'?"},
                    {{command, config, "activation=gelu"}, "did you mean 'model.activation'?"},
                    {{command, config, "batch_size=5"}, "did you mean 'train.batch_size'?"},
                    {{command, config, "learning_rate=1"}, "did you mean 'optimizer.lr'?"},
                    {{command, config, "train.lr=1"}, "did you mean 'optimizer.lr'?"},
                    {{command, config, "epoch=1"}, "did you mean 'train.epochs'?"}});
  }
  const auto checked = run_here({"config", "check", config, "epochs=1", "--json"}).json();
  EXPECT_EQ(checked["errors"][0]["suggestion"], "train.epochs");
}

TEST(Slips, FlagsThatAreKeysAreWrittenAsKeys) {
  const TemporaryFolder folder;
  const std::string config = small_config(folder);
  for (const char* command : {"train", "evaluate", "diagnose", "compare"}) {
    expect_answers(
        {{{command, config, "--epochs", "1"}, "unknown flag '--epochs': did you mean 'train.epochs=1'?"},
         {{command, config, "--lr", "0.1"}, "did you mean 'optimizer.lr=0.1'?"},
         {{command, config, "--seed=3"}, "did you mean 'seed=3'?"},
         {{command, config, "--batch-size", "5"}, "did you mean 'train.batch_size=5'?"},
         {{command, config, "--activation", "gelu"}, "did you mean 'model.activation=gelu'?"},
         {{command, config, "--gpu"}, "did you mean 'device=cuda'?"},
         {{command, config, "-v"}, "unknown flag '-v'"}});
  }
}

TEST(Slips, CommandsOfOtherProgramsAreNoTypos) {
  expect_answers({{{"test"}, "did you mean 'evaluate'?"},
                  {{"list"}, "'activations list'"},
                  {{"config", "init"}, "configs/*.yaml"},
                  {{"data", "download"}, "'data fetch'"},
                  {{"data", "list"}, "unknown action 'data list' (there are: fetch, info, verify)"},
                  {{ACTLAB_SOURCE_DIR "/configs/mnist_cnn.yaml"}, "did you mean 'actlab train "},
                  {{"help", "xyz"}, "unknown command 'xyz'"},
                  {{"-v"}, "did you mean 'actlab --version'?"},
                  {{"--verbose"}, "unknown flag '--verbose'"},
                  {{"-"}, "unknown flag '-'"},
                  {{""}, "empty"}});
  for (const char* word : {"export", "init", "runs", "completion", "diff", "ls"}) {
    const Outcome outcome = run_here({word});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, Not(HasSubstr("did you mean"))) << word;
  }
}

TEST(Slips, HelpAndVersionAnswerAsCommandsToo) {
  EXPECT_EQ(run_here({"help", "train"}).out, run_here({"train", "--help"}).out);
  EXPECT_EQ(run_here({"help", "data", "fetch"}).out, run_here({"data", "fetch", "--help"}).out);
  EXPECT_EQ(run_here({"help"}).out, run_here({"--help"}).out);
  EXPECT_EQ(run_here({"version"}).out, run_here({"--version"}).out);
  EXPECT_EQ(run_here({"activations"}).out, run_here({"activations", "list"}).out);
  EXPECT_EQ(run_here({"activations", "--json"}).out, run_here({"activations", "list", "--json"}).out);
  EXPECT_THAT(run_here({"activations", "--help"}).out, HasSubstr("activations list|show|plot"));
}

TEST(Slips, EmptyValuesAreRefusedEverywhere) {
  const TemporaryFolder folder;
  const std::string config = small_config(folder);
  const std::string empty = "is empty: is a variable of your shell not set?";
  expect_answers({{{"train", config, "--resume", ""}, "the value of --resume " + empty},
                  {{"train", config, "--resume="}, "the value of --resume " + empty},
                  {{"train", ""}, "an argument " + empty},
                  {{"evaluate", ""}, empty},
                  {{"predict", "x", "a.png", ""}, empty},
                  {{"report", ""}, empty},
                  {{"data", "fetch", "mnist", "--to", ""}, empty},
                  {{"lesson", "run", "all", "--out="}, empty},
                  {{"activations", "plot", "relu", "--out", ""}, empty},
                  {{"train", "--", ""}, empty},
                  {{"train", config, "train.epochs="}, "has no value after '='"},
                  {{"train", config, "run.root=''"}, "must be a path"},
                  {{"train", config, "model.activation="}, "has no value"},
                  {{"compare", config, "--activations", "relu,"}, "an item of the list is empty"},
                  {{"compare", config, "--activations", "relu,,tanh"}, "empty"},
                  {{"compare", config, "--activations", ",relu"}, "empty"}});
  // Every flag of every command that has a value.
  for (const auto& command : commands()) {
    std::vector<std::pair<Words, const Command*>> calls = {{{command.name}, &command}};
    for (const auto& action : command.actions) calls.push_back({{command.name, action.name}, &action});
    for (const auto& [words, one] : calls) {
      for (const auto& flag : one->flags) {
        if (flag.value.empty()) continue;
        Words line = words;
        line.push_back("--" + flag.name + "=");
        expect_answers({{line, "the value of --" + flag.name + " " + empty}});
      }
    }
  }
}

TEST(Slips, AFlagIsNoValueOfAnother) {
  const TemporaryFolder folder;
  const std::string config = small_config(folder);
  expect_answers({{{"train", config, "--resume", "--json"}, "--resume needs a value, and --json is a flag"},
                  {{"train", config, "--resume"}, "--resume needs a value: --resume PATH|last"},
                  {{"train", config, "--json=yes"}, "--json takes no value"},
                  {{"activations", "plot", "relu", "--from", "x"}, "--from must be a number"}});
}

TEST(Slips, TheTextOfAnOverrideArrivesWhole) {
  const TemporaryFolder folder;
  const std::string config = small_config(folder);
  const auto shown = [&](const std::string& override) {
    return run_here({"config", "show", config, override, "--json"}).json();
  };
  const std::string root = folder / "out #7";
  EXPECT_EQ(shown("run.root=" + root)["run"]["root"], root);
  EXPECT_EQ(shown("run.root=" + (folder / "out ").string())["run"]["root"], (folder / "out ").string());
  EXPECT_EQ(shown("run.root=~/runs")["run"]["root"], typed_path("~/runs").string());
  expect_answers({{{"config", "show", config, "model.activation=relu #x"}, "unknown activation 'relu #x'"},
                  {{"config", "show", config, "train.epochs=3 #x"}, "not '3 #x'"},
                  {{"train", config, "--resume=~nobody/x"}, "only ~ and ~/... are understood"},
                  {{"train", config, "run.root=~nobody/x"}, "only ~ and ~/... are understood"}});
}

TEST(Slips, AFileThatIsThereIsAFileWhateverItsName) {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::copy_file(small_config(folder), folder / "a=b.yaml");
  fs::current_path(folder.path());
  EXPECT_EQ(run_here({"config", "check", "a=b.yaml"}).status, 0);
  EXPECT_EQ(run_here({"config", "check", "a=b.yaml", "seed=3"}).status, 0);
  const Outcome missing = run_here({"config", "check", "c=d.yaml"});
  fs::current_path(before);
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("'c=d.yaml' is taken for key=value, since there is no such file"));
}

TEST(Slips, AConfigThatIsNotThereHasAName) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "configs");
  fs::copy_file(small_config(folder), folder / "configs/mnist_mlp.yaml");
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  std::map<std::string, std::string> said;
  for (const char* name :
       {"configs/mnist_mlp.yml", "mnist_mlp", "configs/mnist_mlp", "configs/mlp_mnist.yaml"})
    said[name] = run_here({"train", name}).err;
  fs::current_path(before);
  for (const auto& [name, text] : said) {
    EXPECT_THAT(text, HasSubstr("did you mean 'configs/mnist_mlp.yaml'?")) << name;
    const std::string complaint = text.substr(0, text.find("did you mean"));
    EXPECT_EQ(complaint.find(name), complaint.rfind(name)) << text;  // named once
  }
}

TEST(Slips, OtherKindsOfFilesAreNamed) {
  const TemporaryFolder folder;
  const std::string config = small_config(folder);
  put_text(folder / "iris.csv", "a,b,c\n1,2,3\n4,5,6\n");
  put_text(folder / "model.pt", "PK\x03\x04 archive/data.pkl");
  fs::create_directories(folder / "pics");
  expect_answers(
      {{{"train", folder / "iris.csv"}, "docs/data.md"},
       {{"train", folder / "pics"}, "docs/data.md"},
       {{"train", folder / "model.pt"}, "a PyTorch file"},
       {{"config", "show", folder / "model.pt"}, "a PyTorch file"},
       {{"train", config, "data={type: csv, path: iris.csv}"}, "docs/data.md"},
       {{"train", config, "device=gpu"}, "did you mean 'cuda'?"},
       {{"train", config, "device=gpu:1"}, "did you mean 'cuda:1'?"},
       {{"train", config, "model.activation=rleu"},
        "unknown activation 'rleu': did you mean 'relu'? (54 there are: actlab activations list)"}});
  expect_answers({{{"evaluate", folder / "model.pt"}, "a PyTorch file"},
                  {{"evaluate", config}, "is a text file; a checkpoint is expected"},
                  {{"evaluate", folder / "pics"}, "a folder without a checkpoint"},
                  {{"predict", folder / "model.pt", "x"}, "docs/checkpoints.md"}},
                 1);
}

TEST(Help, FitsIntoAnyWidth) {
  for (const size_t width : {60, 72, 100}) {
    std::vector<std::string> pages = {overview(commands(), width)};
    for (const auto& command : commands()) {
      pages.push_back(help_of(command, command.name, width));
      for (const auto& action : command.actions)
        pages.push_back(help_of(action, command.name + " " + action.name, width));
    }
    for (const auto& page : pages) {
      std::istringstream lines(page);
      for (std::string line; std::getline(lines, line);) {
        const bool one_word = line.find(' ', line.find_first_not_of(' ')) == std::string::npos;
        const bool quoted = line.find('\'') != std::string::npos;  // a quoted word is not broken
        EXPECT_TRUE(length_of(line) <= width || one_word || quoted) << line;
      }
    }
  }
}

TEST(Help, BreaksExamplesAsAShellTakesThem) {
  EXPECT_EQ(
      laid_out("One\ntwo.\n\n  actlab train configs/a.yaml model.activation='{type: elu, alpha: 1}'\n", 40),
      "One two.\n\n  actlab train configs/a.yaml \\\n      model.activation='{type: elu, alpha: 1}'\n");
}

TEST(Help, OfTrainNamesTheCommonestKeys) {
  const std::string help = run_here({"train", "--help"}).out;
  for (const char* word :
       {"config show", "train.epochs", "optimizer.lr", "train.batch_size", "model.activation", "seed"})
    EXPECT_THAT(help, HasSubstr(word));
}

}  // namespace
}  // namespace actlab::test
