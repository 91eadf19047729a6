#pragma once

#include <string>
#include <string_view>
#include <vector>

// Answers to names that do not exist. All messages put first what was probably meant, then where all names
// stand.
namespace actlab {

// The candidate nearest to `word` in edit distance (insert, delete, replace, swap neighbours), or "" when
// none is close enough to be a plausible typo. Case counts as a difference, but a small one; who gets the
// first letter wrong got no more wrong, so that `export` is not taken for `report`.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// ": did you mean 'relu'?", or "" when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

// "there are: adam, sgd", or, of more than eight names, "54 there are: actlab activations list", where `list`
// says where to find them.
std::string known_names(const std::vector<std::string>& names, const std::string& list = "");

// "unknown activation 'rleu': did you mean 'relu'? (54 there are: actlab activations list)".
std::string unknown_name(const std::string& kind, const std::string& word,
                         const std::vector<std::string>& names, const std::string& list = "");

}  // namespace actlab
