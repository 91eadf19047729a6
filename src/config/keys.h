#pragma once

#include <string>
#include <vector>

#include "config/node.h"

namespace actlab {

// The keys of all values in a map and its maps, as overrides write them: "train.epochs".
std::vector<std::string> keys_of(const Node& map);

// The key that was meant by one that does not exist: that of `all` which ends with the same name (epochs for
// train.epochs, lr for optimizer.lr), also by another word of the field (learning_rate); two or three such
// are joined by "' or '". Failing these and unless `exactly`, the one whose last name is nearest. Empty when
// nothing is like it.
std::string key_like(const std::string& key, const std::vector<std::string>& all, bool exactly = false);

// "known here: lr, betas", or where all keys are shown when these are many.
std::string known_here(const std::vector<std::string>& keys);

}  // namespace actlab
