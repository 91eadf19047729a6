#pragma once

#include "lesson/result.h"

namespace actlab {

// Measures what the lesson claims. Throws Error naming the lesson: (2) when it expects something of a figure
// that its measure does not give, (4) when a network diverges.
LessonResult run_lesson(const Lesson& lesson);

}  // namespace actlab
