#include "app/evaluation.h"

#include "app/find_checkpoint.h"
#include "app/trained_model.h"
#include "core/log.h"
#include "core/notice.h"
#include "core/suggest.h"
#include "core/text.h"
#include "data/registry.h"
#include "train/loader.h"

namespace actlab::app {
namespace {

namespace fs = std::filesystem;

void check_split(const std::string& split) {
  const std::vector<std::string> splits = {"test", "validation", "train"};
  for (const auto& known : splits) {
    if (split == known) return;
  }
  throw Error(ExitStatus::kUsage, "--split: " + unknown_name("part", split, splits));
}

const Part& choose_split(const DataParts& data, const std::string& split) {
  const Part& part = split == "train" ? data.train : split == "validation" ? data.validation : data.test;
  if (part.size() > 0) return part;
  throw Error(ExitStatus::kData,
              "there are no " + split + " examples; data.validation sets some of the training data apart");
}

// Another validation part would hold examples that the model was trained on.
std::vector<std::string> allowed_overrides(const std::string& split) {
  if (split == "test") return {"data", "device", "threads"};
  return {kDataFiles, "device", "threads"};
}

}  // namespace

nlohmann::ordered_json EvaluateResult::to_json() const {
  nlohmann::ordered_json json = {{"checkpoint", checkpoint.string()}, {"split", split}};
  json.update(evaluation.to_json());
  return json;
}

EvaluateResult evaluate(const EvaluateRequest& request) {
  check_split(request.split);
  const fs::path path = find_checkpoint(request.checkpoint, WhichCheckpoint::kBest);
  TrainedModel trained = load_trained_model(path, request.overrides, allowed_overrides(request.split));
  if (request.requirement) {
    nlohmann::ordered_json of_none = {{"loss", 0}};
    of_none.update(trained.task->scores(/*detailed=*/false)->to_json());
    request.requirement->check(of_none);
  }
  const DataParts data = load_data(trained.config.data, trained.config.seed);
  check_data(trained, data, path.string());
  const bool same_wanted = request.overrides.empty() || request.split != "test";
  if (same_wanted && data.fingerprint != trained.state.data_fingerprint) {
    log_warning("the data files have changed since " + path.string() + " was trained");
  }
  const Loader loader(choose_split(data, request.split), trained.normalization, trained.device,
                      trained.model->convolutional());
  const Notice notice("evaluating " + std::to_string(loader.size()) + " " + request.split + " examples");
  return {path, request.split, trained.task,
          actlab::evaluate(*trained.model, *trained.task, loader, "the " + request.split + " data")};
}

}  // namespace actlab::app
