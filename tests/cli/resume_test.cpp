#include <gmock/gmock.h>
#include <sys/stat.h>

#include <chrono>
#include <set>
#include <sstream>

#include "checkpoint/forge.h"
#include "cli/run_here.h"
#include "data/data_files.h"
#include "rundir/run_directory.h"

namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Resume : public testing::Test {
 protected:
  // Bytes of the last checkpoint of a run that nothing interrupted, with the same options as resumed ones.
  std::string uninterrupted(const std::vector<std::string>& overrides = {}) {
    std::vector<std::string> arguments = {"train", config_, "run.name=straight"};
    arguments.insert(arguments.end(), overrides.begin(), overrides.end());
    EXPECT_EQ(run_actlab(folder_, arguments).status, 0);
    return last("straight");
  }
  std::string last(const std::string& run) const {
    return text_of(folder_ / "runs" / run / "checkpoints/last.safetensors");
  }

  // What its examinations found, without how long they took.
  nlohmann::json layers(const std::string& run) const {
    std::istringstream lines(text_of(folder_ / "runs" / run / "diagnostics.jsonl"));
    auto all = nlohmann::json::array();
    for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line)["layers"]);
    return all;
  }

  TemporaryFolder folder_;
  fs::path config_ = small_config(folder_);
};

TEST_F(Resume, MoreEpochsGiveTheBytesOfOneRun) {
  const std::string expected = uninterrupted();
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=2"}).status, 0);
  const Outcome resumed = run_actlab(folder_, {"train", config_, "--resume", "last", "--json"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(last("small"), expected);
  const auto rows = text_of(folder_ / "runs/small/metrics.jsonl");
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 12);
}

// What the schedule does depends on the losses so far, which are in the checkpoint.
TEST_F(Resume, APlateauIsFoundInTheSameEpoch) {
  const std::string plateau = "schedule={type: plateau, patience: 0, factor: 0.5, threshold: 0.5}";
  const std::string expected = uninterrupted({plateau});
  ASSERT_EQ(run_actlab(folder_, {"train", config_, plateau, "train.epochs=3"}).status, 0);
  const Outcome resumed = run_actlab(folder_, {"train", config_, plateau, "--resume", "last", "--json"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  const fs::path run = resumed.json()["run_dir"].get<std::string>();
  EXPECT_EQ(last(run.filename()), expected);
  std::set<std::string> rates;
  std::istringstream rows(text_of(run / "metrics.jsonl"));
  for (std::string row; std::getline(rows, row);)
    rates.insert(nlohmann::json::parse(row)["learning_rate"].dump());
  EXPECT_GT(rates.size(), 3U);
}

TEST_F(Resume, SigtermAtAnyTimeThenResumeGivesTheBytesOfOneRun) {
  const std::string expected = uninterrupted();
  int stops = 0;
  Outcome outcome;
  do {
    const Started training(folder_, {"train", config_, "--resume", "last"});
    training.wait_until_training();
    std::this_thread::sleep_for(std::chrono::milliseconds(37 * stops));
    training.signal(SIGTERM);
    outcome = training.wait();
    ASSERT_TRUE(outcome.status == 143 || outcome.status == 0) << outcome.status << outcome.err;
  } while (outcome.status != 0 && ++stops < 40);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_GT(stops, 0);
  EXPECT_EQ(last("small"), expected);
}

TEST_F(Resume, KillAtAnyTimeThenResumeGivesTheBytesOfOneRun) {
  const std::vector<std::string> often = {"checkpoint.every={steps: 3}"};
  const std::string expected = uninterrupted(often);
  bool done = false;
  int kills = 0;
  for (; kills < 40 && !done; ++kills) {
    const Started training(folder_, {"train", config_, often[0], "--resume", "last"});
    training.wait_until_training();
    std::this_thread::sleep_for(std::chrono::milliseconds(41 * kills));
    training.signal(SIGKILL);
    const Outcome outcome = training.wait();
    ASSERT_TRUE(outcome.status == -1 || outcome.status == 0) << outcome.err;
    done = outcome.status == 0;
  }
  ASSERT_TRUE(done);
  EXPECT_GT(kills, 1);
  EXPECT_EQ(last("small"), expected);
  EXPECT_EQ(text_of(folder_ / "runs/small/steps.csv"), text_of(folder_ / "runs/straight/steps.csv"));
  EXPECT_EQ(layers("small"), layers("straight"));
  EXPECT_FALSE(fs::exists(folder_ / "runs/small-2"));
}

TEST_F(Resume, AnyOtherDifferenceInTheConfigIsRefusedByName) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=2"}).status, 0);
  const auto before = contents(folder_ / "runs/small");
  for (const auto& [change, named] :
       std::vector<std::pair<std::string, std::string>>{{"optimizer.lr=0.1", "optimizer.lr"},
                                                        {"seed=8", "seed"},
                                                        {"model.activation=relu", "model.activation"},
                                                        {"data.validation=0.3", "data.validation"},
                                                        {"train.epochs=1", "train.epochs"}}) {
    const Outcome outcome = run_here({"train", config_, change, "--resume", folder_ / "runs/small"});
    EXPECT_EQ(outcome.status, 2) << change << outcome.err;
    EXPECT_NE(outcome.err.find(named), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(contents(folder_ / "runs/small"), before);
}

TEST_F(Resume, MoreEpochsAreRefusedWhereTheScheduleSpansTheRun) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=2", "schedule=cosine"}).status, 0);
  const Outcome outcome = run_here({"train", config_, "schedule=cosine", "--resume", "last"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find("cosine"), std::string::npos) << outcome.err;
}

TEST_F(Resume, TheLastOfNoRunIsANewOneAndSaysSo) {
  const Outcome outcome = run_actlab(folder_, {"train", config_, "train.epochs=1", "--resume", "last"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("no run called small is in"), std::string::npos) << outcome.err;
}

TEST_F(Resume, ACheckpointOutsideARunStartsANewOne) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=1"}).status, 0);
  const fs::path copy = folder_ / "copy.safetensors";
  fs::copy_file(folder_ / "runs/small/checkpoints/last.safetensors", copy);
  const Outcome outcome =
      run_actlab(folder_, {"train", config_, "train.epochs=1", "--resume", copy, "--json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(fs::path(outcome.json()["run_dir"].get<std::string>()).filename(), "small-2");
}

TEST_F(Resume, ADamagedCheckpointIsRefused) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=1"}).status, 0);
  const fs::path file = folder_ / "runs/small/checkpoints/last.safetensors";
  std::string bytes = text_of(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  put_text(file, bytes);
  const Outcome outcome = run_actlab(folder_, {"train", config_, "--resume", file});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("SHA-256"), std::string::npos) << outcome.err;
}

TEST_F(Resume, ASecondProcessInTheSameRunIsRefused) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=1"}).status, 0);
  const TemporaryFolder other;
  const Started training(other, {"train", config_, "train.epochs=100000", "--resume", "last"});
  training.wait_until_training();
  const Outcome second = run_actlab(folder_, {"train", config_, "train.epochs=100000", "--resume", "last"});
  training.signal(SIGINT);
  EXPECT_EQ(training.wait().status, 130);
  EXPECT_EQ(second.status, 1);
  EXPECT_NE(second.err.find("in use"), std::string::npos) << second.err;
}

TEST_F(Resume, AFinishedRunSaysWhatItGaveAndStaysAsItIs) {
  const Outcome trained = run_actlab(folder_, {"train", config_, "train.epochs=2", "--json"});
  ASSERT_EQ(trained.status, 0) << trained.err;
  const auto before = contents(folder_ / "runs/small");
  const Outcome json = run_here({"train", config_, "train.epochs=2", "--resume", "last", "--json"});
  EXPECT_EQ(json.status, 0) << json.err;
  EXPECT_EQ(json.out, trained.out);
  EXPECT_THAT(json.err, HasSubstr("already trained: 2 of 2 epochs; more with train.epochs=4"));
  const Outcome text = run_here({"train", config_, "train.epochs=2", "--resume", "last"});
  EXPECT_THAT(text.out, HasSubstr("(95 % interval "));
  EXPECT_EQ(contents(folder_ / "runs/small"), before);
  // One that was stopped before its summary is concluded.
  fs::remove(folder_ / "runs/small/summary.json");
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=2", "--resume", "last"}).status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "runs/small/summary.json"));
}

TEST_F(Resume, TellsWhichRunGoesOnAndEveryStartIsKept) {
  for (int times = 0; times < 2; ++times)
    ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=1"}).status, 0);
  const Outcome resumed = run_actlab(folder_, {"train", config_, "train.epochs=2", "--resume", "last"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("resuming small-2 (epoch 1 of 1), now to 2"));
  EXPECT_THAT(resumed.err, HasSubstr("older runs of this name, which --resume PATH goes on with: small\n"));
  const auto record = nlohmann::json::parse(text_of(folder_ / "runs/small-2/run.json"));
  ASSERT_EQ(record["starts"].size(), 2U);
  EXPECT_EQ(record["command"], record["starts"][0]["command"]);
  EXPECT_EQ(record["started"], record["starts"][0]["started"]);
  EXPECT_THAT(record["starts"][1]["command"].get<std::string>(), HasSubstr("--resume last"));
  EXPECT_EQ(record["starts"][0]["from_step"], 0);
  EXPECT_EQ(record["starts"][1]["from_step"], 120);
  EXPECT_GT(record["starts"][0]["seconds"], 0);
  EXPECT_GT(record["starts"][1]["seconds"], 0);
}

TEST_F(Resume, ADamagedLastCheckpointGivesWayToTheOneBefore) {
  const std::string expected = uninterrupted();
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=3"}).status, 0);
  const fs::path run = folder_ / "runs/small";
  put_text(run_files::last_checkpoint(run), "rubbish");
  const Outcome second = run_actlab(folder_, {"train", config_, "train.epochs=4", "--resume", "last"});
  ASSERT_EQ(second.status, 0) << second.err;
  EXPECT_THAT(second.err, HasSubstr("last.safetensors is truncated"));
  EXPECT_THAT(second.err, HasSubstr("going on from " + run_files::last_checkpoint(run, 1).string()));
  EXPECT_THAT(second.err, HasSubstr("resuming small (epoch 2 of 3), now to 4"));
  for (const int64_t generation : {0, 1}) put_text(run_files::last_checkpoint(run, generation), "");
  const Outcome third = run_actlab(folder_, {"train", config_, "--resume", "last"});
  ASSERT_EQ(third.status, 0) << third.err;
  EXPECT_THAT(third.err, HasSubstr("going on from " + run_files::best_checkpoint(run).string()));
  EXPECT_EQ(last("small"), expected);
  EXPECT_EQ(text_of(run / "steps.csv"), text_of(folder_ / "runs/straight/steps.csv"));
  for (const fs::path& file :
       {run_files::last_checkpoint(run), run_files::last_checkpoint(run, 1), run_files::best_checkpoint(run)})
    put_text(file, "");
  const auto before = contents(run);
  const Outcome none = run_here({"train", config_, "train.epochs=20", "--resume", "last"});
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.err, HasSubstr("none of its checkpoints is whole"));
  EXPECT_EQ(contents(run), before);
}

TEST_F(Resume, LinksAreReplacedAndPipesRefused) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=1"}).status, 0);
  const fs::path run = folder_ / "runs/small";
  const std::string untouched = R"({"name": "small"})";
  put_text(folder_ / "victim", untouched);
  for (const char* name : {"report.html", "run.json", "config.yaml", "metrics.csv", "summary.json",
                           "checkpoints/last-1.safetensors"}) {
    fs::remove(run / name);
    fs::create_symlink(folder_ / "victim", run / name);
  }
  const Outcome outcome = run_actlab(folder_, {"train", config_, "train.epochs=2", "--resume", "last"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(text_of(folder_ / "victim"), untouched);
  EXPECT_FALSE(fs::is_symlink(run / "report.html"));

  fs::rename(run / "log.txt", folder_ / "log.txt");
  ASSERT_EQ(::mkfifo((run / "log.txt").c_str(), 0600), 0);
  const auto before = contents(run);
  const Outcome refused = run_here({"train", config_, "--resume", "last"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("log.txt is a device or a pipe"));
  EXPECT_EQ(contents(run), before);
}

TEST_F(Resume, ALinkToACheckpointBelongsToItsRun) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=1"}).status, 0);
  fs::create_symlink(folder_ / "runs/small/checkpoints/last.safetensors", folder_ / "link");
  const Outcome outcome =
      run_here({"train", config_, "train.epochs=1", "--resume", folder_ / "link", "--json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(fs::path(outcome.json()["run_dir"].get<std::string>()).filename(), "small");
}

// Four IDX files of random pixels below `folder`, and the overrides that say where they are.
std::vector<std::string> idx_files(const fs::path& folder) {
  fs::create_directories(folder);
  std::vector<std::string> overrides;
  for (const std::string part : {"train", "test"}) {
    put_bytes(folder / (part + "-x"), idx_images(40, 4, 4));
    put_bytes(folder / (part + "-y"),
              idx_labels({0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0,
                          0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0}));
    overrides.push_back("data." + part + "_images=" + (folder / (part + "-x")).string());
    overrides.push_back("data." + part + "_labels=" + (folder / (part + "-y")).string());
  }
  return overrides;
}

TEST_F(Resume, GoesOnWithTheSameDataElsewhereAndOtherThreads) {
  put_text(
      folder_ / "own.yaml",
      "device: cpu\nthreads: 1\ndata: {type: idx, validation: 10, train_images: a/train-x, train_labels: "
      "a/train-y, test_images: a/test-x, test_labels: a/test-y}\nmodel: {type: mlp, hidden: 4}\nloss: "
      "cross_entropy\ntrain: {epochs: 1, batch_size: 10}\nrun: {root: runs, name: own}\n");
  idx_files(folder_ / "a");
  ASSERT_EQ(run_actlab(folder_, {"train", folder_ / "own.yaml"}).status, 0);
  fs::remove_all(folder_ / "a");
  const auto elsewhere = idx_files(folder_ / "b");
  std::vector<std::string> resume = {"train", folder_ / "own.yaml", "--resume",
                                     "last",  "train.epochs=2",     "threads=2"};
  resume.insert(resume.end(), elsewhere.begin(), elsewhere.end());
  const Outcome resumed = run_actlab(folder_, resume);
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("data.train_images ("));
  EXPECT_THAT(resumed.err, HasSubstr("threads (1 in the checkpoint, 2 now)"));
  EXPECT_THAT(resumed.err, HasSubstr("bytes will not be those"));

  fs::rename(folder_ / "b", folder_ / "c");
  std::vector<std::string> evaluate = {"evaluate", folder_ / "runs/own/checkpoints/best.safetensors",
                                       "--split", "validation"};
  const auto again = idx_files(folder_ / "c");
  evaluate.insert(evaluate.end(), again.begin(), again.end());
  EXPECT_EQ(run_here(evaluate).status, 0);
  const Outcome wrong = run_here({evaluate[0], evaluate[1], "--split", "validation", "data.root=c"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("data.train_images"));

  // Other data are refused, wherever they lie.
  idx_files(folder_ / "b");
  put_bytes(folder_ / "b/train-x", idx_header(0x803, {40, 4, 4}) + Bytes(640, 9));
  const auto before = contents(folder_ / "runs");
  resume[4] = "train.epochs=3";
  EXPECT_EQ(run_here(resume).status, 3);
  EXPECT_EQ(contents(folder_ / "runs"), before);
}

// The data are missing, which would be the next thing to be said.
TEST_F(Resume, TheLockComesBeforeTheData) {
  ASSERT_EQ(run_actlab(folder_, {"train", config_, "train.epochs=1"}).status, 0);
  const RunDirectory held = RunDirectory::open(folder_ / "runs/small");
  const Outcome outcome =
      run_here({"train", config_, "data={type: mnist, root: nowhere}", "--resume", folder_ / "runs/small"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("in use"));
}

}  // namespace
}  // namespace actlab::test
