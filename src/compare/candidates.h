#pragma once

#include <string>
#include <vector>

namespace actlab {

// One of the activations that are compared.
struct Candidate {
  std::string label;   // for people, on one line: "relu", "elu(alpha=0.5)", "x*sigmoid(x)"
  std::string spec;    // YAML on one line, as model.activation=SPEC takes it
  std::string folder;  // the label as a part of a folder's name: letters, digits, '.', '_', '-'
};

// The entries of a YAML flow list without its brackets, as in `relu,{type: elu, alpha: 0.5}`. Labels and
// folders are unique. Throws Error (2) naming --activations: what is no such list, an empty one, an entry
// twice. Whether the activations exist is for the config to check.
std::vector<Candidate> parse_candidates(const std::string& list);

// The place of the candidate that `spec` names, written in any way. Throws Error (2) naming --baseline and
// the nearest label.
size_t find_candidate(const std::vector<Candidate>& candidates, const std::string& spec);

}  // namespace actlab
