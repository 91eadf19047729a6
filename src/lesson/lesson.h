#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "lesson/expectation.h"

// A lesson is a claim about activations and how to check it: a config file with a section `lesson`.
//
//   lesson:
//     claim: "Half of ReLU's outputs are exactly zero at initialisation."
//     measure: {type: layers, figure: zeros}
//     expect: {zeros: {equals: 0.5, tolerance: 0.02}}
//   data: {type: synthetic}
//   model: {type: mlp, hidden: [100, 100], activation: relu}
//   loss: cross_entropy
//
// Measures that need a network take it from the other sections. With `variants` there are several: what each
// of them writes is laid over those sections, as a file is over the one that it extends.
namespace actlab {

// What the page of a lesson says.
struct LessonText {
  std::string claim;
  std::string why;
  std::string method;
  std::string source;
  std::vector<std::string> attempts;
  int64_t order = 1000;

  template <class Visitor>
  void visit(Visitor& v) {
    v("claim", claim, "one sentence that is true or false");
    v("why", why, "the reason, in Markdown");
    v("method", method, "what is measured, in Markdown");
    v("source", source, "who says so, in Markdown");
    v("try", attempts, "key=value that teach something when they are changed: one command line each");
    v("order", order, "place in lists", at_least(0));
  }
};

// One network of a lesson; the name is empty where there is only one.
struct Variant {
  std::string name;
  Config config;
};

struct Lesson {
  std::string name;   // of the file, without .yaml
  std::string asked;  // name or file, and overrides, as `lesson run` takes them
  LessonText text;
  Node measure;                                               // resolved; see lesson/measure.h
  std::vector<std::pair<std::string, Expectation>> expected;  // figure of the measure, and what it should be
  std::vector<Variant> networks;                              // empty where the measure needs none
};

// The lessons of the library, in the order in which they build on each other.
std::vector<std::string> lesson_names();

// Whether the file is a lesson: has the section. False for one that cannot be read, or only once.
bool is_lesson(const std::string& file);

// Reads the lesson of that name, or, when it ends with .yaml or holds a '/', of that file, with the key=value
// overrides. All mistakes are added to `problems`; the lesson is only complete when there are none. Throws
// Error (2) for an unknown name.
Lesson load_lesson(const std::string& name, const std::vector<std::string>& overrides, Problems& problems);

}  // namespace actlab
