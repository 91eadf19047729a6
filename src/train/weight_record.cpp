#include "train/weight_record.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "activation/tensor_values.h"
#include "core/base64.h"

namespace actlab {
namespace {

using torch::Tensor;

constexpr int64_t kMostUnits = 64;

// [units, C, H, W], or undefined.
Tensor as_pictures(const Tensor& weight, const Shape& input) {
  if (!weight.defined()) return {};
  if (weight.dim() == 4) return weight.size(2) > 1 && weight.size(3) > 1 ? weight : Tensor();
  const bool image = input.height > 1 && input.width > 1;
  const bool whole = weight.dim() == 2 && weight.size(1) == input.channels * input.height * input.width;
  return image && whole ? weight.reshape({weight.size(0), input.channels, input.height, input.width})
                        : Tensor();
}

}  // namespace

nlohmann::ordered_json record_first_weights(const Model& model, const Shape& input) {
  if (model.hidden().empty()) return nullptr;
  const HiddenLayer& first = model.hidden().front();
  const Tensor pictures = as_pictures(first.weight, input);
  if (!pictures.defined()) return nullptr;
  const double largest = pictures.detach().abs().max().item<double>();
  if (!std::isfinite(largest) || largest == 0) return nullptr;
  auto pixels = nlohmann::ordered_json::array();
  for (int64_t unit = 0; unit < std::min(pictures.size(0), kMostUnits); ++unit) {
    std::vector<uint8_t> bytes;
    for (const double weight : values_of(pictures.select(0, unit)))
      bytes.push_back(static_cast<uint8_t>(std::lround(128 + 127 * weight / largest)));
    pixels.push_back(to_base64(bytes));
  }
  return {{"layer", first.source},
          {"units", pictures.size(0)},
          {"shape", {pictures.size(1), pictures.size(2), pictures.size(3)}},
          {"largest", largest},
          {"pixels", pixels}};
}

}  // namespace actlab
