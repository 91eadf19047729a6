#include "data/synthetic.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "core/memory.h"
#include "core/random.h"

namespace actlab {
namespace {

constexpr double kPrototypeSpread = 0.2;
constexpr int64_t kWaves = 16;       // along the only axis of a vector
constexpr int64_t kWavesAnAxis = 4;  // of an image
constexpr uint64_t kMostBytes = uint64_t{1} << 32;

// The lowest waves of the cosine transform over one channel, each with a mean square of 1: [waves][height *
// width].
std::vector<std::vector<float>> make_waves(const ExampleShape& shape) {
  const bool vector = shape.height == 1;
  const int64_t rows = std::min(vector ? 1 : kWavesAnAxis, shape.height);
  const int64_t columns = std::min(vector ? kWaves : kWavesAnAxis, shape.width);
  const auto axis = [](int64_t frequency, int64_t i, int64_t n) {
    const double phase = std::numbers::pi * static_cast<double>(frequency) * (static_cast<double>(i) + 0.5);
    return frequency == 0 ? 1.0 : std::numbers::sqrt2 * std::cos(phase / static_cast<double>(n));
  };
  std::vector<std::vector<float>> waves;
  for (int64_t u = 0; u < rows; ++u) {
    for (int64_t v = 0; v < columns; ++v) {
      auto& wave = waves.emplace_back();
      for (int64_t y = 0; y < shape.height; ++y) {
        for (int64_t x = 0; x < shape.width; ++x) {
          wave.push_back(static_cast<float>(axis(u, y, shape.height) * axis(v, x, shape.width)));
        }
      }
    }
  }
  return waves;
}

class Painter {
 public:
  explicit Painter(const ExampleShape& shape)
      : shape_(shape), waves_(make_waves(shape)), area_(static_cast<size_t>(shape.height * shape.width)) {}

  // The weights of the waves of all channels, for an image that lies `spread` from grey (root mean square).
  std::vector<float> draw(SplitMix64& random, double spread) const {
    std::vector<float> weights(waves_.size() * static_cast<size_t>(shape_.channels));
    const double scale = spread / std::sqrt(static_cast<double>(waves_.size()));
    for (float& weight : weights) weight = static_cast<float>(scale * random.normal());
    return weights;
  }

  void paint(const std::vector<float>& weights, uint8_t* out) {
    for (size_t begin = 0; begin < weights.size(); begin += waves_.size(), out += area_) {
      canvas_.assign(area_, 0.5F);
      for (size_t w = 0; w < waves_.size(); ++w) {
        for (size_t p = 0; p < area_; ++p) canvas_[p] += weights[begin + w] * waves_[w][p];
      }
      std::ranges::transform(canvas_, out, [](float value) {
        return static_cast<uint8_t>(std::lround(255 * std::clamp(value, 0.0F, 1.0F)));
      });
    }
  }

 private:
  ExampleShape shape_;
  std::vector<std::vector<float>> waves_;
  size_t area_;
  std::vector<float> canvas_;
};

Part make_part(Painter& painter, const std::vector<std::vector<float>>& prototypes, const ExampleShape& shape,
               int64_t examples, double noise, SplitMix64 random) {
  const auto pixels = static_cast<size_t>(shape.features());
  Bytes samples(static_cast<size_t>(examples) * pixels);
  std::vector<int64_t> labels(static_cast<size_t>(examples));
  for (size_t i = 0; i < labels.size(); ++i) {
    const size_t label = i % prototypes.size();
    auto weights = painter.draw(random, noise);
    std::ranges::transform(weights, prototypes[label], weights.begin(), std::plus<>());
    painter.paint(weights, samples.data() + i * pixels);
    labels[i] = static_cast<int64_t>(label);
  }
  return {shape, std::move(samples), std::move(labels)};
}

}  // namespace

ExampleShape SyntheticOptions::stated_shape() const {
  ExampleShape result{1, 1, shape.back(), classes.value.value_or(10)};
  if (shape.size() > 1) result.height = shape[shape.size() - 2];
  if (shape.size() > 2) result.channels = shape.front();
  return result;
}

void SyntheticOptions::check(const Node& section, const ReadContext& context) const {
  const Node* node = section.find("shape");
  const Node& where = node != nullptr ? *node : section;
  if (shape.empty() || shape.size() > 3) {
    context.inside("shape").fail(where, "expected [channels, height, width], [height, width] or [features]");
    return;
  }
  // Dividing keeps the product, of up to 2^90, from being formed.
  uint64_t room = kMostBytes / static_cast<uint64_t>(examples + test_examples);
  for (const int64_t size : shape) room /= static_cast<uint64_t>(std::max<int64_t>(size, 1));
  if (room == 0) {
    context.inside("shape").fail(where,
                                 "more than 4 GiB of pixels in all; lower shape, examples or test_examples");
  }
  check_common(section, context, stated_shape());
}

RawData SyntheticOptions::load(int64_t seed) const {
  const ExampleShape example = stated_shape();
  check_memory(static_cast<uint64_t>(example.features()) * static_cast<uint64_t>(examples + test_examples),
               "making up " + std::to_string(examples + test_examples) + " examples");
  Painter painter(example);
  SplitMix64 random(stream_seed(seed, "synthetic classes"));
  std::vector<std::vector<float>> prototypes;
  for (int64_t c = 0; c < example.classes; ++c) prototypes.push_back(painter.draw(random, kPrototypeSpread));
  const auto part = [&](int64_t count, int64_t number) {
    const SplitMix64 stream(stream_seed(seed, "synthetic examples", {number}));
    return make_part(painter, prototypes, example, count, noise, stream);
  };
  return {part(examples, 0), part(test_examples, 1), classes.names};
}

}  // namespace actlab
