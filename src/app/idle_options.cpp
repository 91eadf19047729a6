#include "app/idle_options.h"

#include <cstdlib>

#include "core/text.h"
#include "train/schedule.h"

namespace actlab {
namespace {

// Of a component's option; 0 where it has none of that name.
double number_in(const Node& section, const std::string& key) {
  const Node* found = section.find(key);
  return found != nullptr && found->is_scalar() ? std::strtod(found->text.c_str(), nullptr) : 0;
}

std::string key_value(const std::string& key, int64_t value) {
  return key + "=" + std::to_string(value);
}

void early_stopping(const Config& config, std::vector<std::string>& idle) {
  const EarlyStoppingOptions& stopping = config.train.early_stopping;
  if (stopping.patience == 0) {
    if (stopping.min_delta > 0)
      idle.emplace_back("train.early_stopping.min_delta does nothing without train.early_stopping.patience");
    return;
  }
  if (number_in(config.data, "validation") == 0 && !config.train.watch.value) {
    idle.emplace_back(
        "train.early_stopping watches the training loss, which says little of when to stop, for there are no "
        "validation data; data.validation=0.1 sets some apart");
  }
  if (stopping.patience >= config.train.epochs) {
    idle.push_back(key_value("train.early_stopping.patience", stopping.patience) + " never stops a run of " +
                   key_value("train.epochs", config.train.epochs));
  }
}

void intervals(const Config& config, std::vector<std::string>& idle) {
  if (config.checkpoint.every.epochs > config.train.epochs) {
    idle.push_back(key_value("checkpoint.every.epochs", config.checkpoint.every.epochs) +
                   " is longer than the run: only its end is saved");
  }
  const bool examines = config.diagnose.examples.value.value_or(1) > 0;
  if (examines && config.diagnose.every.epochs > config.train.epochs) {
    idle.push_back(key_value("diagnose.every.epochs", config.diagnose.every.epochs) +
                   " is longer than the run: only its start is examined");
  }
}

void optimizer(const Config& config, std::vector<std::string>& idle) {
  if (config.optimizer.find("lr") != nullptr && number_in(config.optimizer, "lr") == 0)
    idle.emplace_back("optimizer.lr=0: no weight is ever changed");
  if (number_in(config.optimizer, "dampening") > 0 && number_in(config.optimizer, "momentum") == 0)
    idle.emplace_back("optimizer.dampening does nothing without optimizer.momentum");
}

// Layers of a list that change nothing.
void layers(const Config& config, std::vector<std::string>& idle) {
  const Node* list = config.model.find("layers");
  for (size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
    const Node& layer = list->items[i];
    const Node* type = layer.find("type");
    if (type != nullptr && type->text == "dropout" && number_in(layer, "p") == 0)
      idle.push_back("model.layers." + std::to_string(i) + ": dropout with p=0 drops nothing");
  }
}

}  // namespace

std::vector<std::string> idle_options(const Config& config, int64_t examples) {
  std::vector<std::string> idle;
  early_stopping(config, idle);
  intervals(config, idle);
  optimizer(config, idle);
  layers(config, idle);
  const int64_t batch = config.train.batch_size;
  const int64_t steps = config.train.drop_last ? examples / batch : (examples + batch - 1) / batch;
  const SchedulePlan plan{number_in(config.optimizer, "lr"), config.train.epochs, steps};
  for (const auto& each : idle_options(config.schedule, plan)) idle.push_back(each);
  if (examples > 0 && batch > examples) {
    idle.push_back(key_value("train.batch_size", batch) + " is more than the " + std::to_string(examples) +
                   " training examples: an epoch is one step");
  }
  return idle;
}

}  // namespace actlab
