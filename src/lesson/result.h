#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lesson/lesson.h"
#include "lesson/measure.h"

namespace actlab {

// A lesson that has been run.
struct LessonResult {
  Lesson lesson;
  Measurement measured;
  double seconds = 0;

  bool holds() const { return misses().empty(); }
  // "steepest is 0.25, expected at most 0.2": one text a figure that is not as expected.
  std::vector<std::string> misses() const;
  // nullptr when the lesson expects nothing of that figure.
  const Expectation* expected(const std::string& figure) const;
};

// {"name", "claim", "measured", "meaning", "expected", "holds", "spread": {FIGURE: {"p5", "p95", "draws"}},
// "layers": {NAME: {"mean": [...], "p5": [...], "p95": [...]}}, "notes", "source", "seconds"}
nlohmann::ordered_json to_json(const LessonResult& result);

// The claim, and below it the figures with what is expected of them, for a terminal.
std::string terminal_text(const LessonResult& result);

}  // namespace actlab
