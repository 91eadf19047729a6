#include "data/labels.h"

#include <algorithm>
#include <numeric>

#include "core/suggest.h"
#include "core/text.h"
#include "data/classes.h"

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

// One a class of the task.
void read_names(const Node& node, LabelChoice& choice, const ReadContext& context) {
  const bool keep = choice.kind == LabelChoice::Kind::kKeep;
  const size_t wanted = keep ? choice.classes.size() : 2;
  if (!node.is_list() || node.items.size() != wanted) {
    return context.fail_expecting(node, keep ? "a list with a name for each of the classes"
                                             : "two names: of the others, and of the positive ones");
  }
  read_names(node, choice.names, context);
}

int64_t first_duplicate(std::vector<int64_t> numbers) {
  std::ranges::sort(numbers);
  const auto found = std::ranges::adjacent_find(numbers);
  return found == numbers.end() ? -1 : *found;
}

}  // namespace

void read_value(const Node& node, LabelChoice& out, const ReadContext& context) {
  const std::string allowed =
      "expected all, {keep: [classes]} or {positive: [classes]}, both with or without names: [...]";
  if (node.is_scalar() && node.text == "all") {
    out = {};
    return;
  }
  if (!node.is_map()) return context.fail(node, allowed);
  for (const auto& entry : node.entries) {
    if (entry.key == "keep" || entry.key == "positive" || entry.key == "names") continue;
    return context.inside(entry.key).fail(entry.value, kUnknownKey,
                                          nearest(entry.key, {"keep", "positive", "names"}), allowed);
  }
  const Node* keep = node.find("keep");
  const Node* positive = node.find("positive");
  if (keep != nullptr && positive != nullptr)
    return context.fail(node, "only one of keep and positive can be given");
  if (keep == nullptr && positive == nullptr) return context.fail(node, allowed);
  const std::string key = keep != nullptr ? "keep" : "positive";
  const Node& list = keep != nullptr ? *keep : *positive;
  const ReadContext inner = context.inside(key);
  LabelChoice choice{keep != nullptr ? LabelChoice::Kind::kKeep : LabelChoice::Kind::kPositive, {}};
  const size_t mistakes = context.problems.size();
  read_value(list, choice.classes, inner, between(0, kLargestLabel));
  if (const Node* names = node.find("names")) read_names(*names, choice, context.inside("names"));
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
  if (!value.names.empty()) node["names"] = write_value(Classes(value.names));
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

std::vector<std::string> class_names(const LabelChoice& choice, int64_t classes,
                                     const std::vector<std::string>& originals) {
  if (!choice.names.empty()) return choice.names;
  std::vector<int64_t> chosen = choice.classes;
  if (choice.kind == LabelChoice::Kind::kAll) {
    chosen.resize(static_cast<size_t>(classes));
    std::iota(chosen.begin(), chosen.end(), 0);
  }
  std::vector<std::string> names;
  for (const int64_t label : chosen) {
    names.push_back(originals.empty() ? std::to_string(label) : originals[static_cast<size_t>(label)]);
  }
  if (choice.kind != LabelChoice::Kind::kPositive) return names;
  const std::string positive = join(names, ",");
  return {"not " + positive, positive};
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
