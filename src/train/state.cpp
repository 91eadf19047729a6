#include "train/state.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "core/error.h"

namespace actlab {

using nlohmann::json;

std::string TrainState::to_json() const {
  return json{{"epoch", epoch},
              {"step", step},
              {"batch", batch},
              {"loss_sum", loss_sum},
              {"examples", examples},
              {"train_losses", train_losses},
              {"watched", watched},
              {"best_epoch", best_epoch},
              {"data_fingerprint", data_fingerprint},
              {"shape", {shape.channels, shape.height, shape.width}},
              {"class_names", class_names}}
      .dump();
}

TrainState TrainState::from_json(const std::string& text, const std::string& name) {
  try {
    const json in = json::parse(text);
    TrainState state;
    in.at("epoch").get_to(state.epoch);
    in.at("step").get_to(state.step);
    in.at("batch").get_to(state.batch);
    in.at("loss_sum").get_to(state.loss_sum);
    in.at("examples").get_to(state.examples);
    in.at("train_losses").get_to(state.train_losses);
    in.at("watched").get_to(state.watched);
    in.at("best_epoch").get_to(state.best_epoch);
    in.at("data_fingerprint").get_to(state.data_fingerprint);
    in.at("class_names").get_to(state.class_names);
    const auto shape = in.at("shape").get<std::vector<int64_t>>();
    state.shape = {shape.at(0), shape.at(1), shape.at(2), static_cast<int64_t>(state.class_names.size())};
    return state;
  } catch (const std::exception& e) {
    throw Error(ExitStatus::kFailed, name + ": its training state cannot be read: " + e.what());
  }
}

bool stops_early(const EarlyStoppingOptions& options, const std::vector<double>& watched) {
  if (options.patience == 0) return false;
  double best = std::numeric_limits<double>::infinity();
  int64_t stale = 0;
  for (const double loss : watched) {
    const bool better = loss < best - options.min_delta;
    if (better) best = loss;
    stale = better ? 0 : stale + 1;
    if (stale >= options.patience) return true;
  }
  return false;
}

}  // namespace actlab
