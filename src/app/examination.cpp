#include "app/examination.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "app/catalogue.h"
#include "app/find_checkpoint.h"
#include "app/forecast.h"
#include "app/trained_model.h"
#include "app/trial.h"
#include "checkpoint/checkpoint.h"
#include "core/file.h"
#include "core/log.h"
#include "core/text.h"
#include "data/registry.h"
#include "diagnose/examine.h"
#include "diagnose/theory.h"
#include "models/registry.h"
#include "rundir/files.h"
#include "train/device.h"
#include "train/loader.h"
#include "train/model_state.h"
#include "train/training_setup.h"

namespace actlab::app {
namespace {

namespace fs = std::filesystem;
using torch::Tensor;

// What is diagnosed: the model that a config starts from, or that of a checkpoint.
struct Subject {
  fs::path file;
  std::vector<std::string> overrides;
  Config config;
  torch::Device device = torch::kCPU;
  DataParts data;
  std::shared_ptr<Model> model;
  std::shared_ptr<const Task> task;
  std::optional<TrainState> state;  // of a checkpoint
};

Subject fresh_subject(const fs::path& file, const std::vector<std::string>& overrides) {
  Subject subject;
  subject.file = file;
  subject.overrides = overrides;
  Problems problems;
  subject.config = load_checked_config(file, overrides, problems);
  problems.throw_if_any();
  subject.device = choose_device(subject.config.device);
  subject.config.threads.value = choose_threads(subject.config.threads.value);
  subject.data = load_data(subject.config.data, subject.config.seed);
  for (const auto& warning : subject.data.warnings) log_warning(warning);
  subject.model = new_model(subject.config, subject.data.train.shape());
  subject.task = make_task(subject.config.loss, subject.model->output(), subject.data.class_names);
  return subject;
}

Subject trained_subject(const fs::path& file, const std::vector<std::string>& overrides) {
  TrainedModel trained = load_trained_model(file, overrides, {kDataFiles, "device", "threads", "diagnose"});
  DataParts data = load_data(trained.config.data, trained.config.seed);
  check_data(trained, data, file.string());
  data.normalization = trained.normalization;
  return {file,
          overrides,
          std::move(trained.config),
          trained.device,
          std::move(data),
          std::move(trained.model),
          std::move(trained.task),
          std::move(trained.state)};
}

// The training examples that are looked at, in double precision, spread over the whole set.
class DoubleExamples {
 public:
  DoubleExamples(const Subject& subject, int64_t count)
      : loader_(subject.data.train, subject.data.normalization, subject.device, false),
        count_(std::min(count, loader_.size())) {}

  ExaminedSet set() const {
    return {count_, [this](int64_t first, int64_t n) { return gather(first, n); }};
  }

  double second_moment() const { return gather(0, count_).first.square().mean().item<double>(); }

 private:
  std::pair<Tensor, Tensor> gather(int64_t first, int64_t n) const {
    const Batch batch = loader_.gather_spread(first, n, count_);
    return {batch.inputs.to(torch::kFloat64), batch.labels};
  }

  Loader loader_;
  int64_t count_;
};

// In double, in which nothing of thirty sigmoid layers falls below the smallest number.
Examination examine_model(const Subject& subject, Model& model, const DoubleExamples& examples) {
  const auto loss = [&](const Tensor& output, const Tensor& labels) {
    return subject.task->loss(output, labels);
  };
  place(model, subject.device);
  model.to(torch::kFloat64);
  return actlab::examine(model, loss, examples.set());
}

// Of a trained model also as it started, which its config tells: changes show what training did.
std::vector<Examination> examine_subject(const Subject& subject, const DoubleExamples& examples) {
  std::vector<Examination> history;
  if (subject.state && subject.state->step > 0) {
    const auto start = new_model(subject.config, subject.state->shape);
    history.push_back(examine_model(subject, *start, examples));
  }
  history.push_back(examine_model(subject, *subject.model, examples));
  if (subject.state) {
    history.back().epoch = subject.state->epoch;
    history.back().step = subject.state->step;
  }
  return history;
}

int64_t examples_to_examine(const DiagnoseOptions& options) {
  constexpr int64_t kExamples = 500;
  const int64_t wanted = options.examples.value.value_or(kExamples);
  if (wanted > 0) return wanted;
  throw Error(ExitStatus::kUsage,
              "diagnose.examples=0 leaves nothing to look at; give another number, as "
              "diagnose.examples=" +
                  std::to_string(kExamples));
}

Diagnosis diagnose(const Subject& subject) {
  const DoubleExamples examples(subject, examples_to_examine(subject.config.diagnose));
  const double second = examples.second_moment();
  Diagnosis diagnosis;
  if (!subject.state)
    diagnosis.theory = actlab::predict(*subject.model, init_of(subject.config.model), second);
  Findings findings;
  findings.history = examine_subject(subject, examples);
  findings.theory = diagnosis.theory ? &*diagnosis.theory : nullptr;
  if (subject.state) findings.train_losses = subject.state->train_losses;
  findings.predict = forecast_of(subject.config, subject.data.train.shape(), second);
  diagnosis.verdicts = judge(training_setup(subject.config, *subject.task), findings);
  diagnosis.examination = std::move(findings.history.back());
  return diagnosis;
}

// The config with a remedy's overrides.
Config remedied(const Subject& subject, const std::optional<Checkpoint>& checkpoint,
                const std::vector<std::string>& remedy) {
  Problems problems;
  std::vector<std::string> overrides = subject.overrides;
  overrides.insert(overrides.end(), remedy.begin(), remedy.end());
  Config config = checkpoint
                      ? parse_checked_config(checkpoint->config, subject.file.string(), overrides, problems)
                      : load_checked_config(subject.file, overrides, problems);
  problems.throw_if_any();
  config.threads = subject.config.threads;
  config.device = subject.device.str();
  return config;
}

// The data with some held out to measure remedies on, if the config holds out none.
DataParts with_held_out(const Subject& subject, const std::optional<Checkpoint>& checkpoint) {
  if (subject.data.validation.size() > 0) return subject.data;
  const Config config = remedied(subject, checkpoint, {"data.validation=0.1"});
  DataParts data = load_data(config.data, config.seed);
  data.normalization = subject.data.normalization;
  return data;
}

// The untouched run and every remedy of the verdicts, each once.
std::vector<Trial> try_remedies(const Subject& subject, const std::vector<Verdict>& verdicts, int64_t steps) {
  std::optional<Checkpoint> checkpoint;
  if (subject.state) checkpoint = load_checkpoint(subject.file);
  std::vector<std::vector<std::string>> plan = {{}};
  for (const auto& verdict : verdicts) {
    for (const auto& remedy : verdict.remedies) {
      if (std::find(plan.begin(), plan.end(), remedy.overrides) == plan.end())
        plan.push_back(remedy.overrides);
    }
  }
  const DataParts data = with_held_out(subject, checkpoint);
  std::vector<Trial> trials;
  for (const auto& overrides : plan) {
    log_info("trying " + std::to_string(trials.size() + 1) + " of " + std::to_string(plan.size()) + ": " +
             (overrides.empty() ? "as it is" : join(overrides, " ")));
    trials.push_back(run_trial(remedied(subject, checkpoint, overrides), overrides, data, subject.device,
                               checkpoint, steps));
  }
  rank(trials);
  return trials;
}

// The command that trains what is diagnosed: of a checkpoint, by the config of the run that it lies in.
std::vector<std::string> training_command(const ExamineRequest& request, const Subject& subject) {
  fs::path config = request.file;
  if (subject.state) config = subject.file.parent_path().parent_path() / run_files::kConfig;
  if (subject.state && !fs::is_regular_file(config)) return {};
  std::vector<std::string> words = {"actlab", "train", config.string()};
  words.insert(words.end(), request.overrides.begin(), request.overrides.end());
  return words;
}

}  // namespace

Diagnosis examine(const ExamineRequest& request) {
  const Subject subject =
      fs::is_directory(request.file) || is_checkpoint(request.file)
          ? trained_subject(find_checkpoint(request.file, WhichCheckpoint::kBest), request.overrides)
          : fresh_subject(request.file, request.overrides);
  Diagnosis diagnosis = diagnose(subject);
  diagnosis.command = training_command(request, subject);
  if (request.trial_steps) {
    diagnosis.steps = *request.trial_steps;
    diagnosis.trials = try_remedies(subject, diagnosis.verdicts, diagnosis.steps);
  }
  return diagnosis;
}

}  // namespace actlab::app
