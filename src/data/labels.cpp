#include "data/labels.h"

#include <algorithm>
#include <numeric>

#include "core/suggest.h"
#include "core/text.h"

namespace actlab {
namespace {

constexpr int64_t kLargestLabel = 1'000'000;
constexpr int64_t kLeftOut = -1;

// The new label of each of so many old ones, or kLeftOut.
std::vector<int64_t> relabelling(const LabelChoice& choice, int64_t classes) {
  const bool keep = choice.kind == LabelChoice::Kind::kKeep;
  std::vector<int64_t> table(static_cast<size_t>(classes), keep ? kLeftOut : 0);
  for (size_t i = 0; i < choice.classes.size(); ++i) {
    table[static_cast<size_t>(choice.classes[i])] = keep ? static_cast<int64_t>(i) : 1;
  }
  return table;
}

std::vector<std::string> as_text(const std::vector<int64_t>& numbers) {
  std::vector<std::string> words;
  for (const int64_t n : numbers) words.push_back(std::to_string(n));
  return words;
}

int64_t first_duplicate(std::vector<int64_t> numbers) {
  std::ranges::sort(numbers);
  const auto found = std::ranges::adjacent_find(numbers);
  return found == numbers.end() ? -1 : *found;
}

}  // namespace

void read_value(const Node& node, LabelChoice& out, const ReadContext& context) {
  const std::string allowed = "expected all, {keep: [classes]} or {positive: [classes]}";
  if (node.is_scalar() && node.text == "all") {
    out = {};
    return;
  }
  if (!node.is_map() || node.entries.size() != 1) {
    context.fail(node, node.is_map() && node.entries.size() > 1 ? "only one of keep and positive can be given"
                                                                : allowed);
    return;
  }
  const auto& [key, list, where] = node.entries.front();
  if (key != "keep" && key != "positive") {
    context.inside(key).fail(list, "unknown key; " + allowed, nearest(key, {"keep", "positive"}));
    return;
  }
  const ReadContext inner = context.inside(key);
  LabelChoice choice{key == "keep" ? LabelChoice::Kind::kKeep : LabelChoice::Kind::kPositive, {}};
  const size_t mistakes = context.problems.size();
  read_value(list, choice.classes, inner, between(0, kLargestLabel));
  if (context.problems.size() > mistakes) return;
  const size_t least = choice.kind == LabelChoice::Kind::kKeep ? 2 : 1;
  const int64_t twice = first_duplicate(choice.classes);
  if (choice.classes.size() < least) {
    inner.fail(list, least == 2 ? "needs at least two classes" : "needs at least one class");
  } else if (twice >= 0) {
    inner.fail(list, "class " + std::to_string(twice) + " is listed twice");
  } else {
    out = choice;
  }
}

Node write_value(const LabelChoice& value) {
  if (value.kind == LabelChoice::Kind::kAll) return Node::scalar("all");
  Node node = Node::map();
  node[value.kind == LabelChoice::Kind::kKeep ? "keep" : "positive"] = write_value(value.classes);
  return node;
}

std::string label_mistake(const LabelChoice& choice, int64_t classes) {
  for (const int64_t label : choice.classes) {
    if (label >= classes) {
      return "there is no class " + std::to_string(label) + ": the data have classes 0 to " +
             std::to_string(classes - 1);
    }
  }
  if (choice.kind == LabelChoice::Kind::kPositive && std::ssize(choice.classes) == classes) {
    return "every class is positive, so no example is left for the other side";
  }
  return "";
}

int64_t task_classes(const LabelChoice& choice, int64_t classes) {
  switch (choice.kind) {
    case LabelChoice::Kind::kAll:
      return classes;
    case LabelChoice::Kind::kKeep:
      return std::ssize(choice.classes);
    case LabelChoice::Kind::kPositive:
      return 2;
  }
  return classes;
}

std::vector<std::string> class_names(const LabelChoice& choice, int64_t classes) {
  if (choice.kind == LabelChoice::Kind::kPositive) {
    const std::string positive = join(as_text(choice.classes), ",");
    return {"not " + positive, positive};
  }
  if (choice.kind == LabelChoice::Kind::kKeep) return as_text(choice.classes);
  std::vector<int64_t> all(static_cast<size_t>(classes));
  std::iota(all.begin(), all.end(), 0);
  return as_text(all);
}

Part apply_labels(const Part& data, const LabelChoice& choice) {
  if (choice.kind == LabelChoice::Kind::kAll) return data;
  const auto table = relabelling(choice, data.shape().classes);
  std::vector<int64_t> kept;
  std::vector<int64_t> labels;
  for (int64_t i = 0; i < data.size(); ++i) {
    const int64_t label = table[static_cast<size_t>(data.labels()[static_cast<size_t>(i)])];
    if (label == kLeftOut) continue;
    kept.push_back(i);
    labels.push_back(label);
  }
  return data.select(kept).relabelled(std::move(labels), task_classes(choice, data.shape().classes));
}

}  // namespace actlab
