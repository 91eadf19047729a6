#include "train/state.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "checkpoint/safetensors.h"
#include "core/error.h"

namespace actlab {

namespace {

using nlohmann::json;

constexpr int64_t kMostSteps = int64_t{1} << 53;
constexpr double kLargestLoss = 1e39;  // losses are of float32
constexpr int64_t kLargestSide = 1 << 26;
constexpr int64_t kMostFeatures = int64_t{1} << 28;

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(ExitStatus::kFailed,
              name + ": its training state is damaged: " + what + "; use another checkpoint");
}

std::string text_of(int64_t number) {
  return std::to_string(number);
}

// The fields, once for writing and reading.
template <class State, class Visitor>
void visit_state(State& state, Visitor&& visitor) {
  visitor("epoch", state.epoch);
  visitor("step", state.step);
  visitor("batch", state.batch);
  visitor("loss_sum", state.loss_sum);
  visitor("examples", state.examples);
  visitor("train_losses", state.train_losses);
  visitor("watched", state.watched);
  visitor("best_epoch", state.best_epoch);
  visitor("data_fingerprint", state.data_fingerprint);
  visitor("class_names", state.class_names);
}

// The root of a JSON text, an object without a key twice.
json parse_object(const std::string& text, const std::string& name) {
  std::set<std::string> keys;
  std::string twice;
  const auto see = [&](int depth, json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::key && depth == 1 && !keys.insert(parsed.get<std::string>()).second)
      twice = parsed.get<std::string>();
    return true;
  };
  json object = json::parse(text, see, /*allow_exceptions=*/false);
  if (!object.is_object()) refuse(name, "it is no JSON object");
  if (!twice.empty()) refuse(name, twice + " stands there twice");
  return object;
}

// Takes one field after the other out of the object, each checked for its type and range.
class StateReader {
 public:
  StateReader(json object, const std::string& name) : object_(std::move(object)), name_(name) {}

  template <class T>
  void operator()(const char* key, T& out) {
    const auto found = object_.find(key);
    if (found == object_.end()) refuse(name_, std::string(key) + " is missing");
    read(key, *found, out);
    object_.erase(found);
  }

  bool has(const char* key) const { return object_.contains(key); }

  void refuse_rest() const {
    if (!object_.empty()) refuse(name_, "the key " + object_.begin().key() + " is unknown");
  }

 private:
  void read(const std::string& key, const json& in, int64_t& out) const {
    if (!in.is_number_integer()) refuse(name_, key + " is " + shown(in) + ", which is no whole number");
    // A number above the largest int64_t is unsigned.
    const bool fits = !in.is_number_unsigned() || in.get<uint64_t>() <= uint64_t{kMostSteps};
    if (!fits || in.get<int64_t>() < 0 || in.get<int64_t>() > kMostSteps)
      refuse(name_, key + " is " + shown(in) + ", which is out of range");
    out = in.get<int64_t>();
  }

  void read(const std::string& key, const json& in, double& out) const {
    if (!in.is_number()) refuse(name_, key + " is " + shown(in) + ", which is no finite number");
    out = in.get<double>();
    if (!std::isfinite(out)) refuse(name_, key + " is not finite");
  }

  void read(const std::string& key, const json& in, std::string& out) const {
    if (!in.is_string()) refuse(name_, key + " is " + shown(in) + ", which is no text");
    out = in.get<std::string>();
  }

  template <class T>
  void read(const std::string& key, const json& in, std::vector<T>& out) const {
    if (!in.is_array()) refuse(name_, key + " is " + shown(in) + ", which is no list");
    for (const auto& item : in) read("an item of " + key, item, out.emplace_back());
  }

  static std::string shown(const json& in) {
    constexpr size_t kLongest = 40;
    if (in.is_structured()) return in.is_array() ? "a list" : "a map";
    const std::string text = in.dump(-1, ' ', true, json::error_handler_t::replace);
    return text.size() <= kLongest ? text : text.substr(0, kLongest) + "...";
  }

  json object_;
  const std::string& name_;
};

void check_losses(const std::vector<double>& losses, const std::string& key, int64_t epochs,
                  const std::string& name) {
  if (std::ssize(losses) != epochs) {
    refuse(name, key + " has " + std::to_string(losses.size()) + " items, but " + text_of(epochs) +
                     " epochs are finished");
  }
  for (const double loss : losses) {
    if (std::abs(loss) > kLargestLoss) refuse(name, "a figure in " + key + " is out of range");
  }
}

ExampleShape shape_of(const std::vector<int64_t>& sides, size_t classes, const std::string& name) {
  if (sides.size() != 3) refuse(name, "shape has " + std::to_string(sides.size()) + " sides, not 3");
  int64_t features = 1;
  for (const int64_t side : sides) {
    if (side < 1 || side > kLargestSide) refuse(name, "shape is out of range");
    features *= side;
    if (features > kMostFeatures) refuse(name, "shape is out of range");
  }
  return {sides[0], sides[1], sides[2], static_cast<int64_t>(classes)};
}

// What must hold between the fields, whatever was trained.
void check_fields(const TrainState& state, const std::string& name) {
  check_losses(state.train_losses, "train_losses", state.epoch, name);
  check_losses(state.watched, "watched", state.epoch, name);
  if (!state.watched_figure.empty()) check_losses(state.watched_figure, "watched_figure", state.epoch, name);
  if (state.best_epoch > state.epoch || (state.best_epoch == 0) != (state.epoch == 0)) {
    refuse(name, "best_epoch is " + text_of(state.best_epoch) + ", but " + text_of(state.epoch) +
                     " epochs are finished");
  }
  if (state.examples < state.batch || (state.batch == 0) != (state.examples == 0)) {
    refuse(name, "examples is " + text_of(state.examples) + ", but " + text_of(state.batch) +
                     " batches of the epoch are finished");
  }
  const int64_t whole = state.step - state.batch;  // of all finished epochs, which are equally long
  if (state.epoch == 0
          ? whole != 0
          : whole % state.epoch != 0 || whole / state.epoch < std::max(state.batch, int64_t{1})) {
    refuse(name, "step is " + text_of(state.step) + ", which " + text_of(state.epoch) + " epochs and " +
                     text_of(state.batch) + " batches cannot make");
  }
  if (std::abs(state.loss_sum) > kLargestLoss * static_cast<double>(state.examples))
    refuse(name, "loss_sum is out of range for " + text_of(state.examples) + " examples");
  if (!is_digest(state.data_fingerprint)) refuse(name, "data_fingerprint is no SHA-256");
}

}  // namespace

std::string TrainState::to_json() const {
  json out = {{"shape", {shape.channels, shape.height, shape.width}}};
  visit_state(*this, [&](const char* key, const auto& value) { out[key] = value; });
  if (!watched_figure.empty()) out["watched_figure"] = watched_figure;
  return out.dump();
}

TrainState TrainState::from_json(const std::string& text, const std::string& name) {
  StateReader reader(parse_object(text, name), name);
  TrainState state;
  visit_state(state, reader);
  if (reader.has("watched_figure")) reader("watched_figure", state.watched_figure);
  std::vector<int64_t> sides;
  reader("shape", sides);
  if (reader.has("watched_figure")) reader("watched_figure", state.watched_figure);
  reader.refuse_rest();
  state.shape = shape_of(sides, state.class_names.size(), name);
  check_fields(state, name);
  return state;
}

int64_t batches_of(int64_t examples, const TrainOptions& options) {
  return options.drop_last ? examples / options.batch_size
                           : (examples + options.batch_size - 1) / options.batch_size;
}

void check_state(const TrainState& state, const TrainOptions& options, std::optional<int64_t> examples,
                 const std::string& name) {
  if (state.epoch > options.epochs || (state.epoch == options.epochs && state.batch > 0)) {
    refuse(name, "epoch is " + text_of(state.epoch) + (state.batch > 0 ? " and a part of the next" : "") +
                     ", but train.epochs is " + text_of(options.epochs));
  }
  if (!examples) return;
  // An epoch's last step may be saved before the epoch is counted.
  const int64_t batches = batches_of(*examples, options);
  if (state.batch > batches) {
    refuse(name, "batch is " + text_of(state.batch) + ", but an epoch has " + text_of(batches));
  }
  const int64_t done = std::min(state.batch * options.batch_size, *examples);
  if (state.examples != done) {
    refuse(name, "examples is " + text_of(state.examples) + ", but " + text_of(state.batch) +
                     " batches have " + text_of(done));
  }
  const int64_t step = state.epoch * batches + state.batch;
  if (state.step != step) {
    refuse(name, "step is " + text_of(state.step) + ", but " + text_of(state.epoch) + " epochs and " +
                     text_of(state.batch) + " batches make " + text_of(step));
  }
}

}  // namespace actlab
