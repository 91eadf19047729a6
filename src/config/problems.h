#pragma once

#include <string>
#include <vector>

#include "config/node.h"
#include "core/error.h"

namespace actlab {

// One mistake in a config.
struct Problem {
  Location where;
  std::string key;         // dotted: "optimizer.lr"; empty for a mistake in the YAML itself
  std::string message;     // what is wrong and what is allowed, without the place
  std::string suggestion;  // the nearest known name, or empty

  // "file:line:column: key: message (did you mean 'x'?)"
  std::string text() const;
};

// Collects every mistake, so that all are reported at once.
class Problems {
 public:
  void add(Location where, std::string key, std::string message, std::string suggestion = "");
  void add(const Problems& others);
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
