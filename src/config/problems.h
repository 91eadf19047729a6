#pragma once

#include <string>
#include <vector>

#include "config/node.h"
#include "core/error.h"

namespace actlab {

// One mistake in a config.
struct Problem {
  Location where;
  std::string key;           // dotted: "optimizer.lr"; empty for a mistake in the YAML itself
  std::string message;       // what is wrong and what is allowed, without the place
  std::string suggestion;    // the nearest known name, or empty
  std::string allowed = {};  // "there are: a, b": what may stand there, where that is a list; may be empty

  // "file:line:column: key: message: did you mean 'x'? (allowed)"; without the file where it is the message's
  // own subject.
  std::string text() const;
};

// The message for a key that nobody reads; Problems::suggest_keys looks for it.
inline constexpr const char* kUnknownKey = "unknown key";

// Collects every mistake, so that all are reported at once.
class Problems {
 public:
  void add(Location where, std::string key, std::string message, std::string suggestion = "",
           std::string allowed = "");
  void add(const Problem& problem) { list_.push_back(problem); }
  void add(const Problems& others);
  // Suggests, for each unknown key, those of a whole config ("train.epochs") that end with the same name, or,
  // where nothing is suggested yet, with one like it. One that is among them is told to be another type's.
  void suggest_keys(const std::vector<std::string>& all_keys);
  bool empty() const { return list_.empty(); }
  size_t size() const { return list_.size(); }
  // In the order of files as first met, lines, columns; the command line last.
  std::vector<Problem> sorted() const;
  // One line a problem, sorted.
  std::string text() const;
  // Throws Error (2) with that text when there are any.
  void throw_if_any() const;

 private:
  std::vector<Problem> list_;
};

}  // namespace actlab
