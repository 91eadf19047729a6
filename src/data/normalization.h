#pragma once

#include <string>
#include <vector>

#include "config/fields.h"
#include "data/dataset.h"

namespace actlab {

// The option `normalize`: how pixels scaled to [0, 1] are shifted and scaled.
//   auto                         by mean and standard deviation of the training part, channel by channel
//   none                         not at all
//   {mean: 0.1307, std: 0.3081}  by these; a list holds one number a channel
struct NormalizeChoice {
  enum class Kind { kAuto, kNone, kGiven };

  Kind kind = Kind::kAuto;
  std::vector<double> mean;  // of kGiven: one number for all channels, or one a channel
  std::vector<double> std;   // above 0
  bool operator==(const NormalizeChoice&) const = default;
};

void read_value(const Node& node, NormalizeChoice& out, const ReadContext& context);
Node write_value(const NormalizeChoice& value);

// What is wrong with the choice for examples of so many channels (lists of another length); empty when
// nothing is.
std::string normalize_mistake(const NormalizeChoice& choice, int64_t channels);

// Mean and (population) standard deviation for each channel: of bytes / 255 from integer sums, so without
// rounding before the last step, of floats in double. A constant channel has the standard deviation 1.
Normalization measure(const Part& data);

// What `choice` means where `train` is trained on. Throws Error(kData) when normalize_mistake is not empty.
Normalization make_normalization(const NormalizeChoice& choice, const Part& train);

}  // namespace actlab
