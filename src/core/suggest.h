#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace actlab {

// The candidate nearest to `word` in edit distance (insert, delete, replace, swap neighbours), or "" when
// none is close enough to be a plausible typo. Case counts as a difference, but a small one.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// " (did you mean 'relu'?)", or "" when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace actlab
