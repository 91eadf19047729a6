#include "config/config.h"

#include <cstdlib>

#include "config/config_support.h"
#include "config/emit.h"
#include "core/test_support.h"

namespace actlab {
namespace {

using test::mistakes_in;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Config, FillsInEveryDefault) {
  Problems problems;
  const Config config = test::parse_small("", problems);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(to_node(config),
            test::tree("seed: 1\ndevice: auto\nthreads: auto\n"
                       "data: {type: folder, root: /data, validation: auto}\n"
                       "model: {type: net, hidden: [100], output: sigmoid, label: none}\n"
                       "loss: {type: bce}\n"
                       "optimizer: {type: adam, lr: 0.001, betas: [0.9, 0.999]}\n"
                       "schedule: {type: constant}\n"
                       "train: {epochs: 10, batch_size: 100, shuffle: true, drop_last: false, "
                       "clip: {norm: 0, value: 0}, early_stopping: {patience: 0, min_delta: 0}}\n"
                       "checkpoint: {every: {epochs: 1}, keep: 2}\n"
                       "diagnose: {every: {epochs: 1}, examples: auto}\n"
                       "run: {root: " +
                       (std::filesystem::current_path() / "runs").string() + ", name: auto}\n"));
}

TEST(Config, ComesBackFromItsOwnText) {
  Problems problems;
  const Config config = test::parse_small(
      "seed: 7\ndevice: cuda:1\nthreads: 3\noptimizer: {type: sgd, lr: 1e-7}\n"
      "train: {epochs: 3, clip: {norm: 0.5}, early_stopping: {patience: 2}}\n"
      "checkpoint: {every: {steps: 20}}\nrun: {root: '/a: b', name: '5'}\n",
      problems, {"model.label=\"- #x\\n\""});
  ASSERT_EQ(problems.text(), "");
  const std::string text = to_yaml(to_node(config));
  const Config again = parse_config(text, "again.yaml", {}, test::test_sections(), problems);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(to_node(again), to_node(config));
  EXPECT_EQ(to_yaml(to_node(again)), text);
  EXPECT_EQ(again.threads.value, 3);
  EXPECT_EQ(again.train.clip.norm, 0.5);
  EXPECT_EQ(again.checkpoint.every.steps, 20);
  EXPECT_EQ(again.checkpoint.every.epochs, 0);
  EXPECT_EQ(again.run.root, "/a: b");
  EXPECT_EQ(again.model.find("label")->text, "- #x\n");
}

TEST(Config, RandomLabelsComeBack) {
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    const Node label = test::random_node(random, 0);
    Problems problems;
    const std::string yaml = to_yaml(label);
    const Config config =
        test::parse_small("", problems, {"model.label=" + yaml.substr(0, yaml.find_last_not_of('\n') + 1)});
    ASSERT_EQ(problems.text(), "");
    const Config again = parse_config(to_yaml(to_node(config)), "a", {}, test::test_sections(), problems);
    ASSERT_EQ(problems.text(), "");
    ASSERT_EQ(again.model.find("label")->text, label.text);
  }
}

TEST(Config, FiveMistakesAreFiveProblemsEachWithItsLine) {
  Problems problems;
  test::parse_small("seed: -1\ntrain:\n  epochs: ten\n  shufle: true\noptimizer: {type: adm}\ndevice: tpu\n",
                    problems);
  std::vector<int> lines;
  for (const auto& problem : problems.sorted()) lines.push_back(problem.where.line);
  EXPECT_THAT(lines, ElementsAre(4, 6, 7, 8, 9)) << problems.text();
  EXPECT_THAT(problems.text(), AllOf(HasSubstr("c.yaml:4:7: seed"), HasSubstr("c.yaml:6:11: train.epochs"),
                                     HasSubstr("train.shufle"), HasSubstr("'shuffle'"), HasSubstr("'adam'"),
                                     HasSubstr("device")));
}

// Visitor that lists the sections.
struct SectionList {
  std::vector<std::string> names;
  std::vector<const void*> fields;

  template <class T, class... Rule>
  void operator()(const char* name, T& field, const char* help, const Rule&...) {
    names.emplace_back(name);
    fields.push_back(&field);
    EXPECT_STRNE(help, "") << name;
  }
};

std::vector<std::string> keys_of(const Node& map) {
  std::vector<std::string> keys;
  for (const auto& entry : map.entries) keys.push_back(entry.key);
  return keys;
}

// What is not written is lost from config.yaml and from checkpoints, and resuming does not compare it.
TEST(Config, EveryMemberIsASectionThatIsReadAndWritten) {
  Config config;
  // Does not compile when Config gets another member, which then has to have a line in Config::visit.
  auto& [seed, device, threads, data, model, loss, optimizer, schedule, train, checkpoint, diagnose, run] =
      config;
  SectionList sections;
  config.visit(sections);
  const std::vector<const void*> members = {&seed,      &device,   &threads, &data,       &model,    &loss,
                                            &optimizer, &schedule, &train,   &checkpoint, &diagnose, &run};
  EXPECT_EQ(sections.fields, members);

  Problems problems;
  const Node written = to_node(test::parse_small("", problems));
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(keys_of(written), sections.names);
  for (const auto& component : test::test_sections()) {
    EXPECT_THAT(sections.names, ::testing::Contains(component.name));
    EXPECT_NE(written.find(component.name)->find("type"), nullptr) << component.name;
  }
}

TEST(Config, ACheckpointKeepsAllButWhatIsNotTrained) {
  Problems problems;
  const Node kept = trained_part(to_node(test::parse_small("", problems)));
  EXPECT_THAT(keys_of(kept), ElementsAre("seed", "device", "threads", "data", "model", "loss", "optimizer",
                                         "schedule", "train", "checkpoint"));
  // So that the bytes do not depend on how many checkpoints there are.
  EXPECT_THAT(keys_of(*kept.find("checkpoint")), ElementsAre("every"));
}

TEST(Config, EachComponentHasOneRegistry) {
  const auto parse = [](const std::vector<ComponentSection>& sections) {
    Problems problems;
    parse_config(test::kSmallConfig, "c.yaml", {}, sections, problems);
  };
  auto sections = test::test_sections();
  sections.push_back({"sound", {{"loud", "", resolve_options<test::NoOptions>}}, "loud"});
  EXPECT_THAT(test::error_of([&] { parse(sections); }), HasSubstr("no section 'sound'"));
  sections = test::test_sections();
  sections.pop_back();
  EXPECT_THAT(test::error_of([&] { parse(sections); }), HasSubstr("'schedule'"));
}

TEST(Config, SaysWhatIsAllowed) {
  struct Refusal {
    const char* more;
    const char* key;
    const char* message;
  };
  const std::vector<Refusal> table = {
      {"optimzer: adam", "optimzer", "'optimizer'"},
      {"train.epochs: 3", "train.epochs", "command line"},
      {"extends: x.yaml", "extends", "unknown key"},
      {"seed: 1.5", "seed", "whole number"},
      {"seed: '1'", "seed", "quotes"},
      {"seed: 9223372036854775808", "seed", "at least 0"},
      {"device: gpu", "device", "cuda:N"},
      {"device: 'cuda:'", "device", "cuda:N"},
      {"device: cuda:-1", "device", "cuda:N"},
      {"device: cuda:x", "device", "cuda:N"},
      {"device: cuda:99999999999", "device", "cuda:N"},
      {"device: [cpu]", "device", "text"},
      {"threads: 0", "threads", "[1, 1024]"},
      {"threads: 1025", "threads", "[1, 1024]"},
      {"threads: all", "threads", "auto"},
      {"train: 5", "train", "map"},
      {"train: []", "train", "map"},
      {"train: {epochs: 0}", "train.epochs", "[1, 1000000]"},
      {"train: {batch_size: 0}", "train.batch_size", "[1, 16777216]"},
      {"train: {shuffle: yes}", "train.shuffle", "true or false"},
      {"train: {clip: {norm: 1, value: 1}}", "train.clip", "not both"},
      {"train: {clip: {norm: -1}}", "train.clip.norm", "at least 0"},
      {"train: {clip: {nrom: 1}}", "train.clip.nrom", "'norm'"},
      {"train: {clip: 5}", "train.clip", "map"},
      {"train: {early_stopping: {patience: -1}}", "train.early_stopping.patience", "[0, "},
      {"checkpoint: {every: {epochs: 1, steps: 1}}", "checkpoint.every", "one of"},
      {"checkpoint: {every: {}}", "checkpoint.every", "one of"},
      {"checkpoint: {every: {steps: 0}}", "checkpoint.every.steps", "[1, "},
      {"checkpoint: {every: 5}", "checkpoint.every", "map"},
      {"run: {name: a/b}", "run.name", "letters"},
      {"run: {name: .hidden}", "run.name", "letters"},
      {"run: {name: ''}", "run.name", "letters"},
      {"run: {name: 'a b'}", "run.name", "letters"},
      {"run: {name: "
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
       "}",
       "run.name", "100"},
      {"run: {root: ''}", "run.root", "path"},
      {"optimizer: {lr: 0}", "optimizer.lr", "above 0"},
      {"optimizer: []", "optimizer", "name"},
  };
  for (const auto& [more, key, message] : table) {
    Problems problems;
    test::parse_small(more, problems);
    ASSERT_EQ(problems.size(), 1u) << more << '\n' << problems.text();
    EXPECT_EQ(problems.sorted()[0].key, key) << more;
    EXPECT_THAT(problems.text(), HasSubstr(message)) << more;
    EXPECT_EQ(problems.sorted()[0].where.line, 4) << more;
  }
}

TEST(Config, WhatIsAlreadyReportedIsNotReportedAgain) {
  for (const char* more :
       {"optimizer:", "optimizer: {type: }", "optimizer: {lr: }", "optimizer: {betas: [0.5, ]}",
        "seed:", "device: ~", "run:", "run: {name: ~}", "train: {clip: }", "checkpoint: {every: {steps: }}",
        "run: {name: auto, name: auto}"}) {
    Problems problems;
    test::parse_small(more, problems);
    EXPECT_LE(problems.size(), 1u) << more << '\n' << problems.text();
  }
}

TEST(Config, MissingSectionsAreMistakesOfTheFile) {
  Problems problems;
  parse_config("data: folder\nmodel:\n", "c.yaml", {}, test::test_sections(), problems);
  EXPECT_THAT(problems.text(), AllOf(HasSubstr("c.yaml:1:1: loss: is missing"), HasSubstr("bce, mse")));
  EXPECT_EQ(problems.size(), 2u) << "a section without a value is not missing too: " << problems.text();
}

TEST(Config, OptionsOfADefaultTypeNeedNoType) {
  Problems problems;
  const Config config = test::parse_small("optimizer: {lr: 0.5}", problems);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(config.optimizer, test::tree("type: adam\nlr: 0.5\nbetas: [0.9, 0.999]"));
}

TEST(Config, TheCommandLineComesLast) {
  Problems problems;
  const Config config =
      test::parse_small("optimizer: {type: sgd, lr: 0.5}\n", problems,
                        {"optimizer.lr=0.25", "model=cnn", "train.epochs=2", "train.epochs=3"});
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(config.optimizer.find("lr")->text, "0.25");
  EXPECT_EQ(component_type(config.model), "cnn");
  EXPECT_EQ(config.train.epochs, 3);
}

TEST(Config, MistakesOfTheCommandLineAreNamed) {
  const std::string text = mistakes_in("", {"optimzer.lr=1", "model.output=logit", "a..b=1"});
  EXPECT_THAT(text,
              AllOf(HasSubstr("command line: optimzer: "), HasSubstr("'optimizer'"),
                    HasSubstr("command line: model.output: "), HasSubstr("'logits'"), HasSubstr("a..b=1")));
}

TEST(Config, CheckpointsDoNotSeeTheEnvironment) {
  Problems problems;
  const Config config = test::parse_small("model: {type: net, label: '${env:HOME}'}\n", problems);
  EXPECT_THAT(problems.text(), HasSubstr("twice"));
  Problems none;
  const Config kept = parse_config("data: folder\nloss: bce\nmodel: {type: net, label: '${env:HOME}'}\n",
                                   "c.yaml", {}, test::test_sections(), none);
  EXPECT_EQ(none.text(), "");
  EXPECT_EQ(kept.model.find("label")->text, "${env:HOME}");
}

TEST(Config, FilesAreExtendedOverriddenAndResolvedInThisOrder) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "base");
  test::put_text(folder / "base/b.yaml",
                 "data: {type: folder, root: ../data}\nmodel: net\nloss: bce\nrun: {root: "
                 "\"${env:ACTLAB_TEST_RUNS:-out}\"}\n"
                 "optimizer: {type: adam, lr: '${env:ACTLAB_TEST_UNSET}'}\n");
  test::put_text(folder / "c.yaml", "extends: base/b.yaml\nmodel: {hidden: [1, 2]}\n");
  ::unsetenv("ACTLAB_TEST_UNSET");
  ::setenv("ACTLAB_TEST_RUNS", "../there", 1);
  Problems problems;
  const Config config = load_config(folder / "c.yaml", {"optimizer.lr=${env:ACTLAB_TEST_UNSET:-0.125}"},
                                    test::test_sections(), problems);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(config.data.find("root")->text, (folder / "data").string());
  EXPECT_EQ(config.run.root, folder / "there");
  EXPECT_EQ(config.model.find("hidden")->items.size(), 2u);
  EXPECT_EQ(config.optimizer.find("lr")->text, "0.125");
}

TEST(Config, AFileThatCannotBeReadIsOneProblemBesideThoseOfTheCommandLine) {
  Problems problems;
  load_config("no/such/file.yaml", {"a..b=1"}, test::test_sections(), problems);
  EXPECT_EQ(problems.size(), 2u) << problems.text();
  EXPECT_THAT(problems.text(), AllOf(HasSubstr("no/such/file.yaml: "), HasSubstr("command line: ")));
}

}  // namespace
}  // namespace actlab
