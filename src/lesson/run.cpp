#include "lesson/run.h"

#include <algorithm>

#include "core/memory.h"
#include "core/stopwatch.h"
#include "core/suggest.h"
#include "core/text.h"

namespace actlab {
namespace {

void check_figures(const LessonResult& result) {
  std::vector<std::string> names;
  for (const auto& figure : result.measured.figures) names.push_back(figure.first);
  for (const auto& [figure, expectation] : result.lesson.expected) {
    if (std::ranges::find(names, figure) != names.end()) continue;
    throw Error(ExitStatus::kUsage, "lesson.expect: the measure gives no figure '" + figure + "'" +
                                        did_you_mean(figure, names) + " (" + known_names(names) + ")");
  }
}

}  // namespace

LessonResult run_lesson(const Lesson& lesson) {
  const Stopwatch watch;
  try {
    LessonResult result{lesson, with_memory_for("the measurement", [&] {
                          return find_measure(lesson.measure)->run(lesson.measure, lesson.networks);
                        })};
    check_figures(result);
    result.seconds = watch.seconds();
    return result;
  } catch (const Error& error) {
    throw Error(error.status(), "lesson " + lesson.name + ": " + error.what());
  }
}

}  // namespace actlab
