#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/document.h"
#include "config/emit.h"
#include "config/fields.h"

namespace actlab {

// Clipping of gradients before the optimizer sees them; 0 is off.
struct ClipOptions {
  double norm = 0;
  double value = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("norm", norm, "largest total L2 norm of all gradients (0: off)", at_least(0));
    v("value", value, "largest magnitude of one gradient element (0: off)", at_least(0));
  }
};
// Only one of the two may be above 0.
void read_value(const Node& node, ClipOptions& out, const ReadContext& context);

struct EarlyStoppingOptions {
  int64_t patience = 0;
  double min_delta = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("patience", patience, "epochs without a better figure (see `watch`) before training stops (0: off)",
      between(0, 1e6));
    v("min_delta", min_delta, "by how much it must be better to count", at_least(0));
  }
};

struct TrainOptions {
  int64_t epochs = 10;
  int64_t batch_size = 100;
  bool shuffle = true;
  bool drop_last = false;
  ClipOptions clip;
  EarlyStoppingOptions early_stopping;
  Auto<std::string> watch;
  bool test_every_epoch = false;

  template <class Visitor>
  void visit(Visitor& v) {
    v("epochs", epochs, "passes over the training data", between(1, 1e6));
    v("batch_size", batch_size, "examples a step", between(1, 1 << 24));
    v("shuffle", shuffle, "draw a new order each epoch");
    v("drop_last", drop_last, "leave out a last batch that is not full");
    v("clip", clip, "clip gradients: {norm: X} or {value: X}");
    v("early_stopping", early_stopping,
      "stop when the watched figure becomes no better: {patience: N, min_delta: X}");
    v("watch", watch,
      "recorded figure that chooses the best epoch and stops early: validation_accuracy, train_loss, ...; "
      "auto: validation_loss, or without validation data the last epoch is the best and train_loss stops "
      "early",
      kOnlyIfSet);
    v("test_every_epoch", test_every_epoch,
      "record loss and headline of the test data after every epoch too; they choose nothing", kOnlyIfSet);
  }
};

// Every N epochs, or every N steps.
struct Interval {
  int64_t epochs = 1;  // 0 when steps counts
  int64_t steps = 0;   // 0 when epochs counts

  template <class Visitor>
  void visit(Visitor& v) {
    v("epochs", epochs, "every N epochs", between(1, 1e9));
    v("steps", steps, "or every N steps of the optimizer", between(1, 1e12));
  }
};
// Exactly one of the two is given, and written.
void read_value(const Node& node, Interval& out, const ReadContext& context);
Node write_value(const Interval& value);

// Marks what says how it is written and measured, not what is trained, a section or an option of one: it is
// not kept in a checkpoint, and may change when a run is resumed.
struct NotTrained {};
inline constexpr NotTrained kNotTrained{};

template <OptionStruct Options>
void read_value(const Node& node, Options& out, const ReadContext& context, NotTrained) {
  read_value(node, out, context);
}

template <class T, class Rule>
void read_value(const Node& node, T& out, const ReadContext& context, const Rule& rule, NotTrained) {
  read_value(node, out, context, rule);
}

struct CheckpointOptions {
  Interval every;
  int64_t keep = 2;

  template <class Visitor>
  void visit(Visitor& v) {
    v("every", every, "how often the last checkpoint is saved, beside the end: {epochs: N} or {steps: N}");
    v("keep", keep, "generations of the last checkpoint: the newest and those before it", between(1, 100),
      kNotTrained);
  }
};

// Examinations of the hidden layers while training; they change nothing of what is trained.
struct DiagnoseOptions {
  Interval every;
  Auto<int64_t> examples;

  template <class Visitor>
  void visit(Visitor& v) {
    v("every", every, "how often the layers are examined: {epochs: N} or {steps: N}");
    v("examples", examples,
      "training examples looked at each time; auto: one in 200, from 100 to 1000 (0: off)",
      between(0, 1 << 24));
  }
};

struct RunOptions {
  std::filesystem::path root = "runs";  // made absolute when the config is loaded
  std::string name = "auto";

  template <class Visitor>
  void visit(Visitor& v) {
    v("root", root, "folder that holds the run directories");
    v("name", name,
      "name of the run directory; auto is the config file's name and what key=value says otherwise");
  }
};

// A section of the config that chooses one component by `type`.
struct ComponentSection {
  std::string name;                  // "optimizer"
  std::vector<ComponentType> types;  // the registry's rows
  std::string default_type;          // empty: the section must be given
  std::string hint = {};             // said beside the names to who asks for another
};

// Every key that a config can have, of all components: "train.epochs", "optimizer.lr".
std::vector<std::string> config_keys(const std::vector<ComponentSection>& sections);

// A component is written as it is: its registry has filled in the defaults.
Node write_value(const Node& component);

// A whole config, resolved: every default filled in, paths absolute, components still as sections that the
// registry of each reads with read_options.
struct Config {
  int64_t seed = 1;
  std::string device = "auto";
  Auto<int64_t> threads;
  Node data, model, loss, optimizer, schedule;
  TrainOptions train;
  CheckpointOptions checkpoint;
  DiagnoseOptions diagnose;
  RunOptions run;

  // The table of sections, in the order in which people write and read them. A Node is a component, whose
  // type and options are its registry's.
  template <class Visitor>
  void visit(Visitor& v) {
    v("seed", seed, "all random draws follow from it", at_least(0));
    v("device", device, "auto, cpu, cuda or cuda:N");
    v("threads", threads, "threads of the CPU; auto is one a core", between(1, 1024));
    v("data", data, "the examples, their labels, and which are set apart");
    v("model", model, "the network, its activations, its first weights");
    v("loss", loss, "what training makes small");
    v("optimizer", optimizer, "how a step follows from the gradients");
    v("schedule", schedule, "the learning rate over the steps");
    v("train", train, "the training loop");
    v("checkpoint", checkpoint, "what is saved when");
    v("diagnose", diagnose, "what is measured of the hidden layers while training", kNotTrained);
    v("run", run, "where results are written", kNotTrained);
  }
};

// Reads `file`, what it extends, and the key=value overrides, in this order, and resolves the result. All
// mistakes are added to `problems`; the Config is only complete when there are none. `sections` are those of
// the components, each once; Error (1) when one is missing or is no section of a config.
Config load_config(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                   const std::vector<ComponentSection>& sections, Problems& problems);

// The same for a config kept as text in a checkpoint: no `extends`, no environment; `name` is for messages.
Config parse_config(const std::string& text, const std::string& name,
                    const std::vector<std::string>& overrides, const std::vector<ComponentSection>& sections,
                    Problems& problems);

// What both come to: a map that is read, merged and overridden already.
Config resolve_config(const Node& root, const std::string& name,
                      const std::vector<ComponentSection>& sections, Problems& problems);

// Back to one YAML map in the order of the table. parse_config(to_yaml(to_node(c))) equals c.
Node to_node(const Config& config);

// What to_node gave, without what is marked kNotTrained.
Node trained_part(Node config);

}  // namespace actlab
