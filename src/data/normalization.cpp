#include "data/normalization.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/error.h"
#include "core/number_text.h"
#include "core/suggest.h"

namespace actlab {
namespace {

using Histogram = std::array<uint64_t, 256>;

std::vector<Histogram> histograms(const Part& data) {
  std::vector<Histogram> counts(static_cast<size_t>(data.shape().channels));
  const auto area = static_cast<size_t>(data.shape().height * data.shape().width);
  for (int64_t i = 0; i < data.size(); ++i) {
    const uint8_t* pixel = data.sample(i).data();
    for (Histogram& channel : counts) {
      for (size_t p = 0; p < area; ++p) ++channel[*pixel++];
    }
  }
  return counts;
}

// Calls use(channel, number) for each number of each example.
template <class Use>
void for_each_float(const Part& data, Use use) {
  const auto area = static_cast<size_t>(data.shape().height * data.shape().width);
  for (int64_t i = 0; i < data.size(); ++i) {
    const auto* number = reinterpret_cast<const float*>(data.sample(i).data());
    for (size_t channel = 0; channel < static_cast<size_t>(data.shape().channels); ++channel) {
      for (size_t p = 0; p < area; ++p) use(channel, static_cast<double>(*number++));
    }
  }
}

// In two passes, so that a mean far from zero costs no digits.
Normalization measure_floats(const Part& data) {
  const auto channels = static_cast<size_t>(data.shape().channels);
  const double count = static_cast<double>(data.size() * data.shape().height * data.shape().width);
  std::vector<double> means(channels, 0);
  std::vector<double> squares(channels, 0);
  for_each_float(data, [&](size_t channel, double x) { means[channel] += x; });
  for (double& mean : means) mean /= std::max(count, 1.0);
  for_each_float(data, [&](size_t channel, double x) {
    squares[channel] += (x - means[channel]) * (x - means[channel]);
  });
  Normalization result;
  for (size_t channel = 0; channel < channels; ++channel) {
    const auto std = static_cast<float>(std::sqrt(squares[channel] / std::max(count, 1.0)));
    result.mean.push_back(static_cast<float>(means[channel]));
    result.std.push_back(std == 0 ? 1.0F : std);
  }
  return result;
}

// `name` of the map, or one number missing: a mistake.
void read_part(const Node& map, const std::string& name, std::vector<double>& out, const ReadContext& context,
               const Range& range) {
  const Node* node = map.find(name);
  if (node == nullptr) {
    context.fail(map, name + " is missing; expected {mean: X, std: Y}");
  } else if (node->is_list() && node->items.empty()) {
    context.inside(name).fail(*node, "needs at least one number");
  } else {
    read_value(*node, out, context.inside(name), range);
  }
}

std::vector<float> per_channel(const std::vector<double>& values, int64_t channels) {
  if (values.size() == 1)
    return std::vector<float>(static_cast<size_t>(channels), static_cast<float>(values[0]));
  return {values.begin(), values.end()};
}

}  // namespace

void read_value(const Node& node, NormalizeChoice& out, const ReadContext& context) {
  if (node.is_scalar() && (node.text == "auto" || node.text == "none")) {
    out = {node.text == "auto" ? NormalizeChoice::Kind::kAuto : NormalizeChoice::Kind::kNone, {}, {}};
    return;
  }
  if (!node.is_map()) {
    context.fail(node, "expected auto, none or {mean: X, std: Y}",
                 node.is_scalar() ? nearest(node.text, {"auto", "none"}) : "");
    return;
  }
  NormalizeChoice choice{NormalizeChoice::Kind::kGiven, {}, {}};
  for (const Entry& entry : node.entries) {
    if (entry.key == "mean" || entry.key == "std") continue;
    context.inside(entry.key).fail(entry.value, kUnknownKey, nearest(entry.key, {"mean", "std"}),
                                   "expected mean and std");
  }
  constexpr double kLargest = 1e6;  // keeps inputs finite in float
  read_part(node, "mean", choice.mean, context, between(-kLargest, kLargest));
  read_part(node, "std", choice.std, context, between(1 / kLargest, kLargest));
  if (!choice.mean.empty() && !choice.std.empty()) out = choice;
}

Node write_value(const NormalizeChoice& value) {
  if (value.kind != NormalizeChoice::Kind::kGiven) {
    return Node::scalar(value.kind == NormalizeChoice::Kind::kAuto ? "auto" : "none");
  }
  Node node = Node::map();
  node["mean"] = write_value(value.mean);
  node["std"] = write_value(value.std);
  return node;
}

std::string normalize_mistake(const NormalizeChoice& choice, int64_t channels) {
  if (choice.kind != NormalizeChoice::Kind::kGiven) return "";
  for (const auto* list : {&choice.mean, &choice.std}) {
    if (list->size() != 1 && std::ssize(*list) != channels) {
      return std::string(list == &choice.mean ? "mean" : "std") + " has " + std::to_string(list->size()) +
             " numbers, but the examples have " + counted(channels, "channel") +
             (channels == 1 ? "" : "; give one number, or one a channel");
    }
  }
  return "";
}

Normalization measure(const Part& data) {
  if (data.source().type == SampleType::kFloat) return measure_floats(data);
  Normalization result;
  for (const Histogram& counts : histograms(data)) {
    using Wide = unsigned __int128;
    Wide n = 0, sum = 0, squares = 0;
    for (uint64_t value = 0; value < counts.size(); ++value) {
      n += counts[value];
      sum += Wide{counts[value]} * value;
      squares += Wide{counts[value]} * value * value;
    }
    const auto variance = static_cast<long double>(n * squares - sum * sum);  // times n^2 255^2
    const auto scale = static_cast<long double>(n) * 255;
    result.mean.push_back(n == 0 ? 0.0F : static_cast<float>(static_cast<long double>(sum) / scale));
    result.std.push_back(variance == 0 ? 1.0F : static_cast<float>(std::sqrt(variance) / scale));
  }
  return result;
}

Normalization make_normalization(const NormalizeChoice& choice, const Part& train) {
  const int64_t channels = train.shape().channels;
  const std::string mistake = normalize_mistake(choice, channels);
  if (!mistake.empty()) throw Error(ExitStatus::kData, "data.normalize: " + mistake);
  switch (choice.kind) {
    case NormalizeChoice::Kind::kAuto:
      return measure(train);
    case NormalizeChoice::Kind::kNone:
      return {per_channel({0}, channels), per_channel({1}, channels)};
    case NormalizeChoice::Kind::kGiven:
      return {per_channel(choice.mean, channels), per_channel(choice.std, channels)};
  }
  return {};
}

}  // namespace actlab
