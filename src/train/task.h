#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "data/dataset.h"
#include "diagnose/setup.h"
#include "models/model.h"
#include "rundir/headline.h"
#include "train/loss.h"

namespace actlab {

// What is found of a model on some examples: an accumulator over batches, in the order of the examples.
class Scores {
 public:
  virtual ~Scores() = default;

  // A batch: outputs [N, K], what Model::logits had made before them [N, K], labels [N], on any device. All
  // are finite.
  virtual void add(const torch::Tensor& output, const torch::Tensor& logits, const torch::Tensor& labels) = 0;

  // The figures by name, the headline's among them; null where the examples allow none.
  virtual nlohmann::ordered_json to_json() const = 0;

  // What a report shows beside the figures. `part` holds the examples that were added, all of them.
  virtual nlohmann::ordered_json details(const Part& part) const;

  // The figures for people, in lines.
  virtual std::string text() const;
};

// What a model learns to do: what its outputs are compared with, and how well it does.
class Task {
 public:
  explicit Task(Loss loss) : loss_(loss) {}
  virtual ~Task() = default;

  virtual Headline headline() const = 0;

  // Labels [N] as the loss wants them.
  virtual torch::Tensor targets(const torch::Tensor& labels) const = 0;

  // Of no examples yet. `detailed`: for Scores::details, which keeps much more.
  virtual std::unique_ptr<Scores> scores(bool detailed) const = 0;

  // [N, classes], rows summing to 1; undefined for a task without classes.
  virtual torch::Tensor probabilities(const torch::Tensor& output) const;

  // Of Model::logits: [N, classes] in double, which order examples and classes as their probabilities do,
  // but without being rounded to 0 and 1; undefined for a task without classes.
  virtual torch::Tensor decisions(const torch::Tensor& logits) const;

  // Fills in what verdicts on the training have to know of the task.
  virtual void describe(TrainingSetup& setup) const;

  // Mean over the batch of what the loss says of outputs [N, K] for labels [N]: a scalar.
  torch::Tensor loss(const torch::Tensor& output, const torch::Tensor& labels) const;

 protected:
  const Loss& loss_function() const { return loss_; }

 private:
  Loss loss_;
};

// The mean over all examples of one figure, which `of_each` tells of each example of a batch: [N].
std::unique_ptr<Scores> mean_scores(
    const std::string& name,
    std::function<torch::Tensor(const torch::Tensor& output, const torch::Tensor& labels)> of_each);

// Makes the task of a model from the resolved section `loss`, what the model puts out, and the names of the
// data's classes. Throws Error (2) when they do not go together.
using TaskMaker = std::function<std::shared_ptr<const Task>(const Node& loss, const ModelOutput& output,
                                                            const std::vector<std::string>& class_names)>;

// The maker of the tasks that there are.
std::shared_ptr<const Task> make_task(const Node& loss, const ModelOutput& output,
                                      const std::vector<std::string>& class_names);

}  // namespace actlab
