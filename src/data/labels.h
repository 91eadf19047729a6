#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/fields.h"
#include "data/dataset.h"

namespace actlab {

// The option `labels`: which task is made of the classes of the data.
//   all                    the classes as they are
//   {keep: [3, 5]}         only examples of these classes, relabelled 0, 1, ... in the order of the list
//   {positive: [1, 3, 5]}  two classes: 1 where the label is in the list, 0 elsewhere
// The last two take `names`, too, one a class of the task: {positive: [1, 3, 5], names: [even, odd]}.
struct LabelChoice {
  enum class Kind { kAll, kKeep, kPositive };

  Kind kind = Kind::kAll;
  std::vector<int64_t> classes;         // of keep and positive; without duplicates
  std::vector<std::string> names = {};  // of the task's classes; empty: as class_names makes them
  bool operator==(const LabelChoice&) const = default;
};

void read_value(const Node& node, LabelChoice& out, const ReadContext& context);
Node write_value(const LabelChoice& value);

// What is wrong with the choice for data of so many classes (a class beyond them; nothing left for the other
// side of `positive`); empty when nothing is.
std::string label_mistake(const LabelChoice& choice, int64_t classes);

// How many classes the task has, where the data have `classes`.
int64_t task_classes(const LabelChoice& choice, int64_t classes);

// One a class of the task: those of the choice, else the original's name, or "1,3,5" and "not 1,3,5" for
// `positive`. `originals`: the names of the data's classes; empty: their numbers.
std::vector<std::string> class_names(const LabelChoice& choice, int64_t classes,
                                     const std::vector<std::string>& originals = {});

// The examples of the task, in their order. `choice` must fit the classes of the data (label_mistake is
// empty).
Part apply_labels(const Part& data, const LabelChoice& choice);

}  // namespace actlab
